//! Which hit the arrows are at.

/// One step of an arrow key through `hits`; `None` is the field itself, which lies between the last hit and the first.
pub fn step(chosen: Option<usize>, hits: usize, forward: bool) -> Option<usize> {
    match (chosen, forward) {
        (None, true) => Some(0),
        (None, false) => hits.checked_sub(1),
        (Some(place), true) => Some(place + 1),
        (Some(place), false) => place.checked_sub(1),
    }
    .filter(|place| *place < hits)
}

/// What a hit's address opens, without the terms to mark there, which change with the query.
pub fn without_terms(address: &str) -> &str {
    let opened = address.split(":~:").next().unwrap_or(address);
    opened.strip_suffix('#').unwrap_or(opened)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hit_is_known_whatever_it_marks() {
        let check = |address, expect| assert_eq!(without_terms(address), expect);
        check("/a#b:~:text=one&text=two", "/a#b");
        check("/a#:~:text=one", "/a");
        check("/a", "/a");
    }

    #[test]
    fn arrows_go_round_through_the_field() {
        let check = |chosen, hits, forward, expect| assert_eq!(step(chosen, hits, forward), expect);
        check(None, 3, true, Some(0));
        check(Some(0), 3, true, Some(1));
        check(Some(2), 3, true, None);
        check(None, 3, false, Some(2));
        check(Some(0), 3, false, None);
        check(None, 0, true, None);
        check(None, 0, false, None);
    }
}
