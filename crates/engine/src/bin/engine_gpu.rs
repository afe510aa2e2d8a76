//! x
fn main() {
    let d = burn::tensor::Device::default();
    let t = burn::tensor::Tensor::<2>::ones([2, 2], &d);
    let _ = t.matmul(burn::tensor::Tensor::<2>::ones([2, 2], &d));
}
