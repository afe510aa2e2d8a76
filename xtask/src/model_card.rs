//! The model card as a page of the site: `weights/README.md` in the site's own style.

use pulldown_cmark::{Event, Options, Parser, Tag, html};

/// The page. Its pictures lie in `folder`, where the text does.
pub fn page(markdown: &str, folder: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    let events = Parser::new_ext(markdown, options).map(|event| match event {
        Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
            let dest_url = format!("{folder}{dest_url}").into();
            Event::Start(Tag::Image { link_type, dest_url, title, id })
        }
        other => other,
    });
    let mut body = String::new();
    html::push_html(&mut body, events);
    format!("{HEAD}{body}</main>\n</body>\n</html>\n")
}

/// As strict as the page's own head.
const HEAD: &str = r#"<!doctype html>
<html lang="en" data-theme="light">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="referrer" content="no-referrer">
  <title>Rachis: model card</title>
  <link rel="icon" type="image/svg+xml" href="icon.svg">
  <link rel="stylesheet" href="style/base.css">
  <link rel="stylesheet" href="style/document.css">
</head>
<body>
<main class="document">
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_tables_and_pictures_of_the_folder_are_on_the_page() {
        let page =
            page("# Card\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n![A slice](failures/one.jpg)\n", "weights/");
        for part in ["<h1>Card</h1>", "<td>2</td>", r#"<img src="weights/failures/one.jpg" alt="A slice""#] {
            assert!(page.contains(part), "{part} is not in {page}");
        }
    }
}
