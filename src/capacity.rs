//! How many CPU engines run at once: as the machine's cores and memory allow.

use rachis_ct::TYPICAL_SIDE;

/// More engines than this wait for the memory more than they compute.
const MOST: usize = 8;

/// Memory of a machine that does not tell, in GiB.
const USUAL_GIB: f64 = 4.0;

/// The part of the memory that engines may take; the rest is for slices, results, and other programs.
const SHARE: f64 = 0.5;

/// Bytes that an engine takes beside its network: its program, the model file while it loads, a slice and its mask.
const OVERHEAD: f64 = (64_u64 << 20) as f64;

/// What the browser tells of the machine.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Machine {
    /// Logical processors.
    pub cores: usize,
    /// Memory in GiB, roughly, where the browser tells.
    pub memory_gib: Option<f64>,
}

impl Machine {
    /// Engines that have a core each. The page keeps one for itself where there are more than two.
    pub fn engines(self) -> usize {
        let free = if self.cores > 2 { self.cores - 1 } else { self.cores };
        free.clamp(1, MOST)
    }

    /// Engines whose networks fit into memory at once; at least one.
    ///
    /// A slice of [`TYPICAL_SIDE`] takes `bytes`, and the largest slice has `pixels`. Larger ones are taken to need more in
    /// proportion. `None` is a model that refuses slices of that side.
    pub fn engines_in_memory(self, bytes: Option<u64>, pixels: u64) -> usize {
        let Some(bytes) = bytes else { return 1 };
        let scale = (pixels as f64 / (TYPICAL_SIDE * TYPICAL_SIDE) as f64).max(1.0);
        let room = SHARE * self.memory_gib.unwrap_or(USUAL_GIB) * 2_f64.powi(30);
        ((room / (bytes as f64 * scale + OVERHEAD)) as usize).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;
    const CT: u64 = 512 * 512;

    fn machine(cores: usize, memory_gib: Option<f64>) -> Machine {
        Machine { cores, memory_gib }
    }

    #[test]
    fn every_core_has_an_engine_but_the_page_keeps_one_of_three_and_more() {
        let engines = [0, 1, 2, 3, 4, 8, 9, 64].map(|cores| machine(cores, None).engines());
        assert_eq!(engines, [1, 1, 2, 2, 3, 7, 8, 8]);
    }

    #[test]
    fn a_large_model_or_a_large_slice_has_fewer_engines() {
        let machine = machine(8, Some(8.0));
        assert_eq!(machine.engines_in_memory(Some(64 * MIB), CT), 32);
        assert_eq!(machine.engines_in_memory(Some(960 * MIB), CT), 4);
        assert_eq!(machine.engines_in_memory(Some(240 * MIB), 4 * CT), 4);
        assert_eq!(machine.engines_in_memory(Some(64 * MIB), CT / 4), 32);
    }

    #[test]
    fn one_engine_always_runs() {
        assert_eq!(machine(8, Some(0.25)).engines_in_memory(Some(4096 * MIB), CT), 1);
        assert_eq!(machine(8, None).engines_in_memory(None, CT), 1);
        assert_eq!(machine(8, None).engines_in_memory(Some(u64::MAX), u64::MAX), 1);
    }

    #[test]
    fn a_browser_that_does_not_tell_is_taken_to_have_4_gib() {
        let bytes = Some(448 * MIB);
        assert_eq!(
            machine(8, None).engines_in_memory(bytes, CT),
            machine(8, Some(4.0)).engines_in_memory(bytes, CT)
        );
    }
}
