//! The names that people give to parts of the spine.

/// Words that name a part of the spine, or all of it.
const PARTS: [&str; 6] = ["vertebra", "vertebrae", "spine", "sacrum", "coccyx", "backbone"];
/// Two words that do so together.
const COLUMNS: [[&str; 2]; 3] = [["vertebral", "column"], ["spinal", "column"], ["vertebral", "body"]];
/// Words that make something else of it: the spinal cord is no bone, and `iliac spine` is a part of the pelvis.
const OTHERS: [&str; 6] = ["cord", "canal", "artery", "muscle", "iliac", "disc"];

/// Whether a name such as `vertebrae_L1`, `Sacrum` or `Vertebral column` is that of bone of the spine.
pub(super) fn is_spine(name: &str) -> bool {
    let name = name.to_lowercase();
    let words: Vec<&str> = name.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let is_part = words.iter().any(|word| PARTS.contains(word));
    let is_column = words.windows(2).any(|pair| COLUMNS.iter().any(|column| column == pair));
    (is_part || is_column || is_vertebra(&name)) && !words.iter().any(|word| OTHERS.contains(word))
}

/// Whether a name is a vertebra's number: C1 to C7, T1 to T13, L1 to L6, S1 to S5.
fn is_vertebra(name: &str) -> bool {
    let Some((region, number)) = name.split_at_checked(1) else { return false };
    let last = match region {
        "c" => 7,
        "t" => 13,
        "l" => 6,
        "s" => 5,
        _ => return false,
    };
    number.parse().is_ok_and(|number: u32| (1..=last).contains(&number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bone_of_the_spine_is_told_from_its_neighbours() {
        let spine = [
            "Vertebra",
            "vertebrae_L1",
            "vertebra L1",
            "Sacrum",
            "Spine",
            "L1",
            "T12",
            "Vertebral column",
            "Third lumbar vertebra",
            "Lumbar spine",
            "Vertebral body",
        ];
        for name in spine {
            assert!(is_spine(name), "{name}");
        }
        let others = [
            "Spinal cord",
            "spinal_canal",
            "Vertebral artery",
            "Intervertebral disc",
            "Anterior iliac spine",
            "Liver",
            "rib left 1",
            "T",
            "L9",
            "Segment 1",
            "",
            "s1p",
            "Splenius",
            "intervertebral disc of spine",
        ];
        for name in others {
            assert!(!is_spine(name), "{name}");
        }
    }
}
