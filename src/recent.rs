//! What is held in memory within a budget: what was not used for longest goes first.

use std::collections::BTreeMap;

/// Things with their sizes, in the order of their last use.
#[derive(Debug, Clone)]
pub struct Recent<K, V> {
    budget: usize,
    bytes: usize,
    /// When each was last used.
    used: BTreeMap<K, u64>,
    by_use: BTreeMap<u64, Held<K, V>>,
    clock: u64,
}

#[derive(Debug, Clone)]
struct Held<K, V> {
    key: K,
    bytes: usize,
    value: V,
}

impl<K: Ord + Copy, V> Recent<K, V> {
    /// Nothing yet, and never more than `budget` bytes unless one thing alone is larger.
    pub fn new(budget: usize) -> Self {
        Self { budget, bytes: 0, used: BTreeMap::new(), by_use: BTreeMap::new(), clock: 0 }
    }

    /// The bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The bytes that may be held.
    pub fn budget(&self) -> usize {
        self.budget
    }

    /// Holds one more thing, in place of that with the same key. Gives back what has to go for it.
    pub fn hold(&mut self, key: K, bytes: usize, value: V) -> Vec<V> {
        self.remove(key);
        self.clock += 1;
        self.used.insert(key, self.clock);
        self.by_use.insert(self.clock, Held { key, bytes, value });
        self.bytes += bytes;
        let mut dropped = Vec::new();
        while self.bytes > self.budget && self.by_use.len() > 1 {
            let Some((_, held)) = self.by_use.pop_first() else { break };
            self.used.remove(&held.key);
            self.bytes -= held.bytes;
            dropped.push(held.value);
        }
        dropped
    }

    /// It is used again.
    pub fn touch(&mut self, key: K) {
        if let Some(used) = self.used.get_mut(&key)
            && let Some(held) = self.by_use.remove(used)
        {
            self.clock += 1;
            *used = self.clock;
            self.by_use.insert(self.clock, held);
        }
    }

    /// It is not held any more.
    pub fn remove(&mut self, key: K) {
        if let Some(held) = self.used.remove(&key).and_then(|used| self.by_use.remove(&used)) {
            self.bytes -= held.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let mut recent = Recent::new(30);
        for key in ["a", "b", "c"] {
            assert!(recent.hold(key, 10, key).is_empty());
        }
        recent.touch("a");
        assert_eq!(recent.hold("d", 10, "d"), ["b"]);
        assert_eq!(recent.hold("e", 20, "e"), ["c", "a"]);
        assert_eq!(recent.bytes(), 30);
    }

    #[test]
    fn the_newest_stays_however_large_it_is() {
        let mut recent = Recent::new(10);
        recent.hold(1, 5, 1);
        assert_eq!(recent.hold(2, 100, 2), [1]);
        assert_eq!(recent.hold(3, 5, 3), [2]);
    }

    #[test]
    fn the_same_thing_again_takes_the_place_of_the_first() {
        let mut recent = Recent::new(10);
        recent.hold(1, 8, "old");
        assert!(recent.hold(1, 9, "new").is_empty());
        assert_eq!(recent.bytes(), 9);
        recent.remove(1);
        assert_eq!(recent.bytes(), 0);
    }

    /// What happens to a thing.
    #[derive(Debug, Clone, Copy)]
    enum Step {
        Hold(u8, usize),
        Touch(u8),
        Remove(u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..8_u8, 1..40_usize).prop_map(|(key, bytes)| Step::Hold(key, bytes)),
            (0..8_u8).prop_map(Step::Touch),
            (0..8_u8).prop_map(Step::Remove),
        ]
    }

    proptest! {
        /// Against a plain list with the newest at the end.
        #[test]
        fn it_does_what_a_plain_list_would(steps in proptest::collection::vec(step(), 0..60)) {
            let budget = 100;
            let mut recent = Recent::new(budget);
            let mut list: Vec<(u8, usize)> = Vec::new();
            for step in steps {
                match step {
                    Step::Hold(key, bytes) => {
                        list.retain(|(other, _)| *other != key);
                        list.push((key, bytes));
                        let mut dropped = Vec::new();
                        while list.len() > 1 && list.iter().map(|(_, bytes)| bytes).sum::<usize>() > budget {
                            dropped.push(list.remove(0).0);
                        }
                        prop_assert_eq!(recent.hold(key, bytes, key), dropped);
                    }
                    Step::Touch(key) => {
                        recent.touch(key);
                        if let Some(place) = list.iter().position(|(other, _)| *other == key) {
                            let used = list.remove(place);
                            list.push(used);
                        }
                    }
                    Step::Remove(key) => {
                        recent.remove(key);
                        list.retain(|(other, _)| *other != key);
                    }
                }
                prop_assert_eq!(recent.bytes(), list.iter().map(|(_, bytes)| bytes).sum::<usize>());
            }
        }
    }
}
