//! NumPy arrays.

#![allow(clippy::unwrap_used, reason = "a helper of tests may stop them")]

use rachis_unet::npy::{self, NpyError};

/// A version 1.0 file with the given header dictionary and numbers.
fn file(header: &str, numbers: &[u8]) -> Vec<u8> {
    let length = u16::try_from(header.len()).unwrap().to_le_bytes();
    [&b"\x93NUMPY\x01\x00"[..], &length, header.as_bytes(), numbers].concat()
}

fn numbers(descr: &str, count: usize, numbers: &[u8]) -> Vec<f32> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({count},), }}");
    npy::read(&file(&header, numbers)).unwrap().1
}

#[test]
fn what_is_written_is_read() {
    for shape in [&[][..], &[3], &[2, 3, 4], &[0, 5]] {
        let values: Vec<f32> = (0..shape.iter().product()).map(|value| value as f32 * -0.1).collect();
        let bytes = npy::write(shape, &values);
        assert_eq!((bytes.len() - 4 * values.len()) % 64, 0, "numbers are aligned");
        assert_eq!(npy::read(&bytes), Ok((shape.to_vec(), values)));
    }
}

#[test]
fn every_kind_of_number_becomes_f32() {
    assert_eq!(numbers("<f2", 2, &[0x00, 0x3c, 0x00, 0xc0]), [1.0, -2.0]);
    assert_eq!(numbers(">f4", 1, &1.5_f32.to_be_bytes()), [1.5]);
    assert_eq!(numbers("<f8", 1, &(-0.25_f64).to_le_bytes()), [-0.25]);
    assert_eq!(numbers("<i2", 1, &(-1024_i16).to_le_bytes()), [-1024.0]);
    assert_eq!(numbers(">u2", 1, &3071_u16.to_be_bytes()), [3071.0]);
    assert_eq!(numbers(">i8", 1, &(-5_i64).to_be_bytes()), [-5.0]);
    assert_eq!(numbers("|i1", 2, &[0xff, 0x7f]), [-1.0, 127.0]);
    assert_eq!(numbers("|u1", 2, &[0xff, 0x00]), [255.0, 0.0]);
    assert_eq!(numbers("|b1", 2, &[1, 0]), [1.0, 0.0]);
}

#[test]
fn fortran_order_is_turned_into_c_order() {
    let header = "{'descr': '<u1', 'fortran_order': True, 'shape': (2, 3), }";
    assert_eq!(
        npy::read(&file(header, &[1, 4, 2, 5, 3, 6])),
        Ok((vec![2, 3], vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))
    );
}

#[test]
fn what_cannot_be_read_is_named() {
    let text = "{'descr': '<U5', 'fortran_order': False, 'shape': (1,), }";
    assert_eq!(npy::read(b"P5 4 4 255"), Err(NpyError::NotNpy));
    assert_eq!(npy::read(&file(text, &[0; 20])), Err(NpyError::ElementType("<U5".into())));
    assert_eq!(npy::read(&file("{'descr': '<f4'}", &[])), Err(NpyError::Header));
    let cut = &npy::write(&[4], &[0.0; 4]);
    assert_eq!(npy::read(&cut[..cut.len() - 1]), Err(NpyError::Length { expected: 16, found: 15 }));
}
