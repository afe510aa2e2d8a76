//! Pictures on canvases.

use leptos::html::Canvas;
use leptos::prelude::*;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::picture::Picture;

/// Shows `picture`, pixel for pixel; nothing where the browser is out of memory for it.
pub fn show(canvas: &HtmlCanvasElement, picture: &Picture) {
    if canvas.width() != picture.columns || canvas.height() != picture.rows {
        canvas.set_width(picture.columns);
        canvas.set_height(picture.rows);
    }
    let Ok(image) =
        ImageData::new_with_u8_clamped_array_and_sh(Clamped(&picture.rgba), picture.columns, picture.rows)
    else {
        return;
    };
    if let Ok(Some(context)) = canvas.get_context("2d")
        && let Ok(context) = context.dyn_into::<CanvasRenderingContext2d>()
    {
        // It fails only for a canvas that holds pictures of other sites.
        let _ = context.put_image_data(&image, 0.0, 0.0);
    }
}

/// Leaves a canvas without a picture and without its memory.
pub fn clear(canvas: &HtmlCanvasElement) {
    canvas.set_width(1);
    canvas.set_height(1);
}

/// Keeps on a canvas whatever picture `paint` gives; while it gives none, the last one stays.
pub fn keep_painted(canvas: NodeRef<Canvas>, paint: impl Fn() -> Option<Picture> + 'static) {
    Effect::new(move |_| {
        if let (Some(canvas), Some(picture)) = (canvas.get(), paint()) {
            show(&canvas, &picture);
        }
    });
}
