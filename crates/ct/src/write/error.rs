//! Why something could not be written, in words that a clinician can act on.

/// Why a file could not be written. Each message says what is wrong and what to do, without patient data.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WriteError {
    /// A mask without rows or columns, to be written as a picture.
    #[error("The mask could not be written as PNG: segment the slice again.")]
    Png(#[from] ::png::EncodingError),
    /// As for PNG.
    #[error("The mask could not be written as JPEG: segment the slice again.")]
    Jpeg(#[from] image::ImageError),
    /// Over 4 GiB, or out of memory.
    #[error("The ZIP file could not be written: download fewer masks at a time.")]
    Zip(#[from] ::zip::result::ZipError),
    /// Out of memory.
    #[error("The volume could not be compressed: download PNG files instead.")]
    Compress(#[source] std::io::Error),
    /// A DICOM element that cannot be encoded.
    #[error("The DICOM file could not be written: download NIfTI or PNG files instead.")]
    Dicom(#[from] Box<dicom_parser::dataset::write::Error>),
    /// No mask at all.
    #[error("There is no mask to write: segment a slice first.")]
    NoMask,
    /// A mask of another size than its slice.
    #[error("A mask is not as large as its slice: segment the slice again.")]
    OtherSize,
    /// Slices of several sizes, pixel spacings or orientations.
    #[error(
        "The slices differ in size, pixel spacing or orientation and make no single volume: download each series by itself, or PNG files instead."
    )]
    Mixed,
    /// A slice without placement or spacing.
    #[error(
        "The images do not say where they lie in the patient, so that no volume or DICOM file can be made of them: download PNG or NPY files instead."
    )]
    NoPlacement,
    /// Slices that are not stacked in even steps.
    #[error(
        "Slices are missing or unevenly spaced, and a NIfTI or NRRD volume has none missing: add the whole series, or download a DICOM segmentation or PNG files instead."
    )]
    Uneven,
    /// One slice alone that does not say how thick it is.
    #[error(
        "The slice does not say how thick it is, which a volume must: download PNG or NPY files instead."
    )]
    NoThickness,
    /// Another number of masks than the volume has slices.
    #[error(
        "The volume has {slices} slices but {masks} are segmented: segment all of them, or download PNG files instead."
    )]
    NotWholeVolume {
        /// Number of slices of the volume.
        slices: u32,
        /// Number of masks given.
        masks: usize,
    },
    /// More than the format can count.
    #[error("There are too many slices for one file: download fewer at a time.")]
    TooMany,
    /// A slice of another kind of file, or whose identifiers were removed.
    #[error(
        "The images are not DICOM files with identifiers (UIDs), to which a DICOM segmentation or structure set refers: download NIfTI, NRRD or PNG files instead."
    )]
    NotDicom,
    /// Slices of several series.
    #[error(
        "The slices belong to several series, and a DICOM file is about one: download each series by itself."
    )]
    SeveralSeries,
    /// Masks without a single spine pixel.
    #[error(
        "No spine was found in any slice, and a DICOM file cannot be without: download PNG files instead."
    )]
    NoSpine,
}
