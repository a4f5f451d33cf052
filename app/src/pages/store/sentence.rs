//! The store in one sentence: that of the Growth page, without a region that leads.

use model::GrowthAnswer;

use crate::boot::Page;
use crate::pages::growth::growth_sentence;
use crate::sentence::Piece;

pub(super) fn sentence(page: &Page) -> Vec<Piece> {
    let Some(answered) = super::answers::answers(page) else {
        return Vec::new();
    };
    // The split here is by channel or the like, of which the sentence would speak as of regions.
    let whole = GrowthAnswer { groups: Vec::new(), ..answered.growth.clone() };
    growth_sentence(&whole, page.shown.compare, &page.style(), page.state.lang)
}
