//! What the files of an export are.

use crate::NOTICE;

/// The text of `README.txt` in an export: what each kind of file holds. It also carries [`NOTICE`] for the kinds that have
/// no place for it.
pub fn readme() -> String {
    format!(
        "Spine masks made by Rachis.\n\
        {NOTICE}.\n\
        \n\
        Every mask has the size, the orientation and the order of the file that it was made from.\n\
        \n\
        *.mask.png     one slice: 255 is spine, 0 is not. Text chunk 'Disclaimer': the notice above.\n\
        *.mask.jpg     one slice: about 255 is spine, about 0 is not, for JPEG rounds; take 128 as the limit.\n\
        *.mask.npy     NumPy array of bytes, 1 is spine: (rows, columns) or (slices, rows, columns). This format has\n\
        \u{20}              no place for the notice above; it holds for these files too.\n\
        *.mask.nii.gz  NIfTI volume, 1 is spine.\n\
        *.seg.nrrd     NRRD volume, 1 is spine; 3D Slicer opens it as a segmentation.\n\
        *.seg.dcm      DICOM segmentation of the source series, only slices with spine.\n\
        *.rt.dcm       DICOM RT structure set of the source series: outlines along the pixels' edges, unapproved.\n\
        \n\
        Files are named after their images. DICOM files keep the hospital's own numbers (UIDs) of study, series and\n\
        images even where they do not name the patient: whoever has access to the archive can find the patient by them.\n"
    )
}
