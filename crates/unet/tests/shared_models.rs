//! The real model and a small zoo, which lie beside the repository.

mod common;

use burn::tensor::Device;
use common::{difference, gpu, images, import, kernels_difference, shaders_difference, shared};
use rachis_unet::{Dtype, Model};

#[test]
fn every_model_of_the_zoo_agrees_with_keras() {
    let Some(zoo) = shared("model/zoo") else { return };
    let (gpu, mut models) = (gpu(), 0);
    for entry in std::fs::read_dir(&zoo).unwrap() {
        let path = entry.unwrap().path();
        if !path.extension().is_some_and(|extension| extension == "h5" || extension == "keras") {
            continue;
        }
        let model = import(&std::fs::read(&path).unwrap());
        let (input, expected) = (path.with_extension("input.npy"), path.with_extension("expected.npy"));
        let (input, expected) = (images(&input), images(&expected));
        let burn = difference(&model, &input, &expected, &Device::flex()).unwrap();
        let kernels = kernels_difference(&model, &input, &expected).unwrap().unwrap();
        assert!(burn.max(kernels) <= 1e-4, "{} differs by {burn} and {kernels}", path.display());
        if let Some(gpu) = &gpu {
            let shaders = shaders_difference(&model, &input, &expected, gpu).unwrap().unwrap();
            assert!(shaders <= 1e-3, "{} differs by {shaders}", path.display());
        }
        models += 1;
    }
    assert!(models > 0, "the zoo is empty");
}

#[test]
fn the_real_model_agrees_with_keras() {
    let Some(folder) = shared("model") else { return };
    let model = import(&std::fs::read(folder.join("spine-unet-16.h5")).unwrap());
    assert_eq!(model.parameters(), 1_945_233);
    assert_eq!(model.graph.size_multiple(), [16, 16]);
    assert_eq!(model.graph.output_size([512, 512]).unwrap(), [512, 512]);
    let gpu = gpu();
    for name in ["crops-160", "lumbar-512"] {
        let input = images(&folder.join(format!("golden/{name}.input.npy")));
        let expected = images(&folder.join(format!("golden/{name}.expected.npy")));
        let burn = difference(&model, &input, &expected, &Device::flex()).unwrap();
        let kernels = kernels_difference(&model, &input, &expected).unwrap().unwrap();
        assert!(burn.max(kernels) <= 1e-4, "{name} differs by {burn} and {kernels}");
        if let Some(gpu) = &gpu {
            let shaders = shaders_difference(&model, &input, &expected, gpu).unwrap().unwrap();
            assert!(shaders <= 1e-3, "{name} differs by {shaders}");
        }
    }
}

/// Smaller weights may move a probability a little, but hardly any pixel across the threshold.
#[test]
fn the_real_model_in_16_and_in_8_bits_draws_the_same_mask() {
    let Some(folder) = shared("model") else { return };
    let model = import(&std::fs::read(folder.join("spine-unet-16.h5")).unwrap());
    let input = images(&folder.join("golden/crops-160.input.npy"));
    let expected = images(&folder.join("golden/crops-160.expected.npy"));
    for (dtype, one_in) in [(Dtype::F16, 10_000), (Dtype::I8, 1000)] {
        let smaller = Model::from_safetensors(&model.to_safetensors(dtype).unwrap()).unwrap();
        let network = rachis_unet::Network::load(&smaller, &Device::flex()).unwrap();
        let (output, _) =
            futures_lite::future::block_on(network.run(input.values.clone(), input.shape)).unwrap();
        let moved = output.iter().zip(&expected.values).filter(|(a, b)| (**a > 0.5) != (**b > 0.5)).count();
        assert!(moved * one_in <= output.len(), "{dtype:?}: {moved} of {} pixels moved", output.len());
    }
}
