//! Why a file was refused, in words that a clinician can act on.

/// The largest number of rows or columns of an image.
pub const MAX_SIDE: u32 = 2048;

/// The largest file, in bytes, that is read as a whole: pictures, and DICOM files that are deflated or inside compressed
/// ones. Volumes, TIFF stacks and other DICOM files are read slice by slice from files of any size.
pub const MAX_FILE_BYTES: u64 = 128 << 20;

/// The largest number of slices of one file.
pub const MAX_SLICES: u64 = 32_768;

/// The largest number of files in an archive.
pub const MAX_MEMBERS: usize = 5000;

/// Where inflating a gzip file ends, in bytes. No more than a slice of them is in memory.
pub const MAX_INFLATED_BYTES: u64 = 16 << 30;

/// Refuses a file by its size alone, before it is read.
///
/// # Errors
///
/// [`ReadError::Empty`] or [`ReadError::FileTooLarge`].
pub fn check_file_size(bytes: u64) -> Result<(), ReadError> {
    match bytes {
        0 => Err(ReadError::Empty),
        1..=MAX_FILE_BYTES => Ok(()),
        _ => Err(ReadError::FileTooLarge { megabytes: bytes.div_ceil(1 << 20) }),
    }
}

/// What can be opened.
const KINDS: &str = "DICOM, NIfTI, NRRD, MetaImage, NumPy, PNG, TIFF or JPEG";

/// Why a file is not a CT slice or a mask. Each message says what is wrong and what to do, without patient data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// Zero bytes.
    #[error("The file is empty: copy or export it again.")]
    Empty,
    /// More than [`MAX_FILE_BYTES`].
    #[error(
        "The file has {megabytes} MB, more than the {} MB that one image may have: export the series as single slices.",
        MAX_FILE_BYTES >> 20
    )]
    FileTooLarge {
        /// Size in units of 2^20 bytes, rounded up.
        megabytes: u64,
    },
    /// Readable text.
    #[error("This is a text file, not an image: choose {} files.", KINDS)]
    Text,
    /// ZIP, gzip and the like.
    #[error("This is a compressed archive: unpack it and open the images inside.")]
    Archive,
    /// Many slices where one is wanted.
    #[error("The file holds a volume, not a single slice: export its slices as DICOM, PNG or TIFF.")]
    Volume,
    /// Nothing known.
    #[error("This kind of file is not known: choose {} files.", KINDS)]
    UnknownKind,
    /// The name promises an image, the content is none.
    #[error(
        "The file is named .{extension} but its content is no image: it may be damaged, export it again."
    )]
    NotWhatItsNameSays {
        /// In lower case.
        extension: String,
    },
    /// The file ends before its image does.
    #[error("The file is truncated, its end is missing: copy or export it again.")]
    Truncated,
    /// The content contradicts itself.
    #[error("The {kind} file is damaged: copy or export it again.")]
    Damaged {
        /// The file format.
        kind: &'static str,
    },
    /// No rows or no columns, or more than [`MAX_SIDE`].
    #[error(
        "The image has {columns} x {rows} pixels; sizes from 1 x 1 to {MAX_SIDE} x {MAX_SIDE} can be read: resample it or choose another."
    )]
    Size {
        /// Number of rows.
        rows: u32,
        /// Number of columns.
        columns: u32,
    },
    /// Red, green and blue differ.
    #[error(
        "This is a colour picture, and a CT slice has none: export the slice in grey, without annotations."
    )]
    Colour,
    /// An alpha channel that hides something.
    #[error("Parts of the picture are transparent: save it in grey without transparency.")]
    Transparent,
    /// A pixel type outside the supported ones.
    #[error(
        "The pixels are {pixels}, which cannot be read: save the image with 8 or 16 bits per pixel in grey."
    )]
    PixelType {
        /// What they are.
        pixels: &'static str,
    },
    /// A TIFF whose pages have different sizes.
    #[error("The TIFF holds pictures of different sizes: save each slice as a file of its own.")]
    MultiPage,
    /// More than [`MAX_SLICES`], or none.
    #[error("The file holds {slices} slices; 1 to {MAX_SLICES} can be read: export it in parts.")]
    TooManySlices {
        /// Their number.
        slices: u64,
    },
    /// Several volumes in one file.
    #[error("The file holds {volumes} volumes, such as a series in time: export the one to be read.")]
    Volumes {
        /// Their number.
        volumes: u64,
    },
    /// A header whose pixels lie in another file.
    #[error(
        "This is the header of a {kind} image whose pixels lie in another file: convert both to one file ending in {instead}, with 3D Slicer or ITK-SNAP for instance."
    )]
    Detached {
        /// The file format.
        kind: &'static str,
        /// The ending of the format that holds both.
        instead: &'static str,
    },
    /// A way of writing pixels that is not read.
    #[error(
        "The pixels of this {kind} image are written {encoding}, which cannot be read: save it raw or with gzip."
    )]
    Encoding {
        /// The file format.
        kind: &'static str,
        /// How they are written.
        encoding: String,
    },
    /// An array that is no stack of pictures.
    #[error(
        "The array has the shape {shape}; height x width or slices x height x width can be read: save one value for each pixel."
    )]
    Shape {
        /// The sizes with ` x ` between them.
        shape: String,
    },
    /// A place beyond the last slice.
    #[error("The file has no such slice: open it again.")]
    NoSuchSlice,
    /// The file cannot be read any more.
    #[error("The file could not be read, it may have been moved or changed: open it again.")]
    Unreadable,
    /// A password is wanted.
    #[error("The file is encrypted: unpack the archive with its password and open the images inside.")]
    Encrypted,
    /// A ZIP member that is neither stored nor deflated.
    #[error(
        "The file is packed by {method}, which cannot be read: unpack the archive and open the images inside."
    )]
    Packed {
        /// The compression's name.
        method: String,
    },
    /// More than [`MAX_MEMBERS`].
    #[error(
        "The archive holds {members} files, more than the {MAX_MEMBERS} that can be read: unpack it and open a part."
    )]
    TooManyMembers {
        /// Their number.
        members: u64,
    },
    /// A DICOM object of another modality.
    #[error("This is {modality} and not a CT image: choose the slices of a CT series.")]
    Modality {
        /// With its article, such as `an MR image`.
        modality: String,
    },
    /// A DICOM secondary capture.
    #[error(
        "This is a screen capture (DICOM secondary capture), not an original CT slice: choose the slices of the CT series."
    )]
    SecondaryCapture,
    /// A DICOM localizer.
    #[error("This is a localizer (scout view), not an axial slice: choose the slices of the CT series.")]
    Localizer,
    /// A DICOM object without pixel data.
    #[error(
        "The DICOM file holds no image, or was cut off before it: choose the slices of the CT series, or export it again."
    )]
    NoPixels,
    /// A compression that is not supported.
    #[error(
        "The image is compressed as {name} ({uid}), which cannot be read: export it uncompressed (Explicit VR Little Endian)."
    )]
    TransferSyntax {
        /// The transfer syntax's name.
        name: String,
        /// The transfer syntax's UID.
        uid: String,
    },
    /// A DICOM file where a mask is wanted.
    #[error(
        "This DICOM file is no segmentation: choose a DICOM SEG object or a mask as NIfTI, NRRD, MetaImage, NumPy, PNG, TIFF or JPEG."
    )]
    MaskKind,
}

impl ReadError {
    /// Whether the file is whole but nothing to read here: another kind of object, such as those that lie beside the CT
    /// images of an export.
    pub fn is_of_other_kind(&self) -> bool {
        matches!(
            self,
            Self::Modality { .. } | Self::SecondaryCapture | Self::Localizer | Self::Text | Self::UnknownKind
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_sizes_are_refused_before_reading() {
        assert_eq!(check_file_size(0), Err(ReadError::Empty));
        assert_eq!(check_file_size(1), Ok(()));
        assert_eq!(check_file_size(MAX_FILE_BYTES), Ok(()));
        let refused = check_file_size(200_000_000).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "The file has 191 MB, more than the 128 MB that one image may have: export the series as single slices."
        );
    }
}
