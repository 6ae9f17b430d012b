//! The embedded files. A new article needs one line here; a test compares the list with the folder.

pub const SITE: &str = include_str!("site.json");
pub const USERS: &str = include_str!("users.json");
pub const SECTIONS: &str = include_str!("sections.json");
pub const TAGS: &str = include_str!("tags.json");
pub const AUTHORS: &str = include_str!("authors.json");
pub const COMMENTS: &str = include_str!("comments.json");

macro_rules! articles {
    ($($file:literal,)*) => { &[$(($file, include_str!(concat!("articles/", $file)))),*] };
}

/// File name and text, in the order of the names.
pub const ARTICLES: &[(&str, &str)] = articles![
    "01-harbour-bridge-reopens.md",
    "02-storm-warning-for-the-outer-islands.md",
    "03-replacement-ferry-winds-down.md",
    "04-assembly-passes-night-train-bill.md",
    "05-tidal-power-explained.md",
    "06-fish-auction-goes-digital.md",
    "07-markets-grain-agreement.md",
    "08-regatta-final-by-a-canvas.md",
    "09-rovers-draw-in-the-fog.md",
    "10-the-last-lamplighter.md",
    "11-open-air-cinema-on-the-quay.md",
    "12-how-votes-are-counted.md",
    "13-why-we-publish-our-corrections.md",
    "14-reading-a-tide-table.md",
    "15-rye-bread-for-a-rainy-week.md",
    "16-library-of-unfinished-books.md",
    "17-purani-kitabon-ka-bazaar.md",
    "18-khattatu-al-mina.md",
    "19-umi-e-mukau-yako-ressha.md",
    "20-mayak-s-knigami.md",
    "21-o-fournos-tis-geitonias.md",
    "22-a-cidade-que-reaprendeu-a-pedalar.md",
    "23-salt-marsh-returns.md",
    "24-school-meals-vote.md",
    "25-night-shift-at-the-container-terminal.md",
    "26-ingrid-vale-interview.md",
    "27-blossom-forecasters.md",
    "28-nine-words-for-fog.md",
    "29-oldest-winter-swimmer.md",
    "30-rent-register-explained.md",
    "31-heat-pumps-in-old-houses.md",
    "32-dark-sky-park.md",
    "33-bees-on-the-customs-house.md",
    "34-in-praise-of-the-slow-ferry.md",
    "35-letters-the-bridge-and-the-bicycle.md",
    "36-mountain-railway-centenary.md",
    "37-border-towns-share-a-fire-engine.md",
    "38-floating-schools-follow-the-river.md",
    "39-wool-finds-new-buyers.md",
    "40-how-a-forecast-is-made.md",
    "41-a-tunnel-under-the-narrows.md",
    "42-half-marathon-route-preview.md",
    "43-composer-of-the-tide-cantata.md",
    "44-waiting-times-at-the-clinics.md",
    "45-kelp-farm-off-skerrow.md",
    "46-choosing-a-second-language.md",
    "47-museum-of-navigation-opening-hours.md",
    "48-winter-timetable-of-the-islands.md",
];
