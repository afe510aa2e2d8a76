//! Small NIfTI volumes for the tests.

use std::io::Read;

/// The affine of volumes whose columns run to the patient's left: voxels of 0.5 x 2 x 3 mm.
pub const TO_LEFT: [[f32; 4]; 3] = [[-0.5, 0.0, 0.0, 1.0], [0.0, -2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]];
/// The same voxels' place where the columns of three run to the right.
pub const TO_RIGHT: [[f32; 4]; 3] = [[0.5, 0.0, 0.0, 0.0], [0.0, -2.0, 0.0, 0.0], [0.0, 0.0, 3.0, 0.0]];

/// A volume of bytes.
#[derive(Debug, PartialEq)]
pub struct Nifti {
    pub dims: [i16; 3],
    pub affine: [[f32; 4]; 3],
    pub voxels: Vec<u8>,
}

impl Nifti {
    pub fn new(dims: [i16; 3], affine: [[f32; 4]; 3], voxels: Vec<u8>) -> Self {
        Self { dims, affine, voxels }
    }

    /// As a file (nifti1.h).
    pub fn bytes(&self) -> Vec<u8> {
        let mut file = vec![0; 352];
        let mut put = |at: usize, bytes: &[u8]| file[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, &348_i32.to_le_bytes());
        put(40, &3_i16.to_le_bytes());
        for (axis, count) in self.dims.iter().enumerate() {
            put(42 + 2 * axis, &count.to_le_bytes());
            let length = self.affine.iter().map(|row| row[axis] * row[axis]).sum::<f32>().sqrt();
            put(80 + 4 * axis, &length.to_le_bytes());
        }
        // Unsigned bytes.
        put(70, &2_i16.to_le_bytes());
        put(72, &8_i16.to_le_bytes());
        put(108, &352_f32.to_le_bytes());
        put(123, &[2]);
        put(254, &1_i16.to_le_bytes());
        for (place, part) in self.affine.as_flattened().iter().enumerate() {
            put(280 + 4 * place, &part.to_le_bytes());
        }
        put(344, b"n+1\0");
        file.extend(&self.voxels);
        file
    }

    /// Reads a compressed file of bytes with a place by its affine.
    pub fn read(file: &[u8]) -> Self {
        let mut content = Vec::new();
        flate2::read::GzDecoder::new(file).read_to_end(&mut content).unwrap();
        let i16_at = |at: usize| i16::from_le_bytes([content[at], content[at + 1]]);
        let f32_at = |at: usize| f32::from_le_bytes(content[at..at + 4].try_into().unwrap());
        assert_eq!((i16_at(70), f32_at(108)), (2, 352.0));
        Self {
            dims: [42, 44, 46].map(i16_at),
            affine: [0, 1, 2].map(|row| [0, 1, 2, 3].map(|column| f32_at(280 + 16 * row + 4 * column))),
            voxels: content[352..].to_vec(),
        }
    }
}
