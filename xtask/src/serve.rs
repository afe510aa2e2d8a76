//! A static file server for this machine only.

use std::future::Future;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use axum::Router;
use axum::http::{HeaderName, HeaderValue, header};
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::{site, workspace};

/// `cargo xtask serve`.
pub fn run(port: u16) -> Result<()> {
    let folder = built_site()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .or_else(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .context("no free port")?;
    println!("Rachis is at http://localhost:{} (Ctrl+C ends it)", listener.local_addr()?.port());
    block_on(serve(listener, "/", &folder))
}

/// Builds the site without wasm-opt and says where it is.
pub fn built_site() -> Result<PathBuf> {
    let folder = workspace::target().join("site");
    site::build(&folder, site::Optimise::No)?;
    Ok(folder)
}

/// Serves `folder` under `path` in the background for as long as this process lives; returns the URL.
pub fn in_background(folder: &Path, path: &'static str) -> Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    let url = format!("http://localhost:{}{path}", listener.local_addr()?.port());
    let folder = folder.to_owned();
    std::thread::spawn(move || {
        if let Err(error) = block_on(serve(listener, path, &folder)) {
            eprintln!("the test server stopped: {error:#}");
        }
    });
    Ok(url)
}

fn block_on(server: impl Future<Output = Result<()>>) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_io().build()?.block_on(server)
}

async fn serve(listener: TcpListener, path: &str, folder: &Path) -> Result<()> {
    listener.set_nonblocking(true)?;
    let files = ServeDir::new(folder);
    let router = if path == "/" {
        Router::new().fallback_service(files)
    } else {
        Router::new().nest_service(path, files)
    };
    let router = router
        .layer(header_layer(header::CACHE_CONTROL, "no-cache"))
        .layer(header_layer(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header_layer(header::CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"));
    axum::serve(tokio::net::TcpListener::from_std(listener)?, router).await?;
    Ok(())
}

fn header_layer(name: HeaderName, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
}
