"""Training learns, stops in time, goes on where it stopped, and exports what `rachis convert` reads."""

import json

import keras
import numpy
import pytest
from safetensors.numpy import load_file

from spine import network
from spine.export import export
from spine.sampler import group
from spine.sources import HERE, Labelled
from spine.train import begin, rate, restore, train

IMPORTED_LAYERS = {
    "InputLayer",
    "Conv2D",
    "BatchNormalization",
    "ReLU",
    "MaxPooling2D",
    "Conv2DTranspose",
    "Concatenate",
}


@pytest.fixture
def work(tmp_path):
    """A work folder with one small slice in each part: a bright square is the spine."""
    mask = numpy.zeros((96, 96), numpy.uint8)
    mask[40:64, 40:64] = 1
    hu = numpy.where(mask == 1, 700, 0).astype(numpy.int16)
    for part, patient in (("train", "TCGA-A"), ("validation", "TCGA-B")):
        (tmp_path / part).mkdir()
        numpy.savez(tmp_path / part / "one.npz", name="one", patient=patient, hu=hu, mask=mask, spacing=1.0)
    return tmp_path


def log(work):
    return [json.loads(line) for line in (work / "train.log").read_text().splitlines()]


def test_training_goes_on_where_it_stopped_and_exports_the_same_network(work):
    train(work, steps=2, minutes=10, base=2)
    train(work, steps=4, minutes=10, base=2)
    assert [entry["step"] for entry in log(work)] == [2, 4]
    assert all(numpy.isfinite(entry["loss"]) for entry in log(work))

    export(work / "checkpoint.npz", work / "model.h5", base=2)
    model = keras.models.load_model(work / "model.h5", compile=False)
    assert {type(layer).__name__ for layer in model.layers} == IMPORTED_LAYERS

    trained = network.unet(2, training=True)
    restore(work / "checkpoint.npz", trained, None)
    picture = numpy.random.default_rng(0).random((1, 64, 48, 1), numpy.float32)
    expected = trained(picture, training=False)[0]
    assert numpy.abs(model(picture) - expected).max() < 1e-5


def test_the_mean_of_two_checkpoints_lies_between_them(work):
    train(work, steps=2, minutes=10, base=2)
    (work / "checkpoint.npz").rename(work / "earlier.npz")
    train(work, steps=2, minutes=10, base=2, initial=work / "earlier.npz")

    def weights(file, **mean):
        export(work / "checkpoint.npz" if mean else file, work / "model.h5", base=2, **mean)
        return keras.models.load_model(work / "model.h5", compile=False).get_weights()

    earlier, later = weights(work / "earlier.npz"), weights(work / "checkpoint.npz")
    mean = weights(None, earlier=work / "earlier.npz", share=0.25)
    assert any((a != b).any() for a, b in zip(earlier, later))
    for a, b, between in zip(earlier, later, mean):
        assert numpy.allclose(between, 0.25 * a + 0.75 * b, atol=1e-6)


def test_a_converted_model_to_begin_from_passes_its_own_self_test():
    shipped = HERE.parent / "weights" / "spine-unet-16.safetensors"
    model = network.unet(training=True)
    begin(shipped, model)
    tensors = load_file(shipped)
    found = model(tensors["self_test.input"], training=False)[0]
    assert numpy.abs(found - tensors["self_test.expected"]).max() < 1e-4


def test_no_step_is_taken_when_there_is_no_time(work):
    train(work, steps=100, minutes=0, base=2)
    assert not (work / "checkpoint.npz").exists()


def test_the_rate_warms_up_stays_and_falls_to_nothing():
    rates = [rate(step / 1000, step) for step in range(1001)]
    assert rates[0] < rates[100] < rates[250] == max(rates)
    assert rates[1000] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(
    "name, patient, expected",
    [
        ("TCGA-17-Z017_048", "TCGA-17-Z017", "tcga"),
        ("lidc-idri-0314_slice_003", "LIDC-IDRI-0314", "lidc"),
        ("lidc-idri-0314_coronal_020_-10", "LIDC-IDRI-0314", "coronal"),
        ("totalsegmentator-example_021_-18", "totalsegmentator-example", "sacrum"),
        ("totalsegmentator-example_052_+00", "totalsegmentator-example", "totalsegmentator-example"),
        ("totalsegmentator-example_sagittal_004", "totalsegmentator-example", "sagittal"),
    ],
)
def test_every_slice_belongs_to_a_group(name, patient, expected):
    assert group(Labelled(name, patient, None, None, 1.0)) == expected
