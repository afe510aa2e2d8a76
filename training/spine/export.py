"""From a checkpoint to the Keras file (legacy HDF5) that `rachis convert` reads."""

import numpy

from . import network, samples_patient
from .sources import DATA
from .train import begin, restore
from .window import window

PIECE = 32
"""Half the side of the self-test's input, pixels."""


def export(checkpoint, file, base=16, earlier=None, share=0.5, data=DATA):
    """Writes the network as it is used: no coarser heads, plain batch normalisation, f32; and beside it the input of its
    self-test, `rachis convert --self-test`: a vertebra of the first sample slice.

    With the checkpoint or converted model that the training began from, `earlier`, it writes the mean of both sets of
    weights, of which that one has `share` (Wortsman et al., Robust fine-tuning of zero-shot models, 2022,
    arXiv:2109.01903)."""
    trained = network.unet(base, training=True)
    state = restore(checkpoint, trained, None)
    if earlier:
        last = [numpy.asarray(variable) for variable in trained.variables]
        begin(earlier, trained)
        for variable, weights in zip(trained.variables, last):
            variable.assign(share * numpy.asarray(variable) + (1 - share) * weights)
    plain = network.unet(base)
    network.copy_weights(trained, plain)
    plain.save(file)
    numpy.save(file.with_suffix(".self-test.npy"), piece(data))
    print(f"{file}: {plain.count_params():,} parameters after {state['step']:,} steps")


def piece(data=DATA):
    """(1, 64, 64, 1) around the spine, as the network gets it."""
    ct, index = samples_patient.whole(data), samples_patient.SAMPLES.start
    row, column = numpy.argwhere(ct.spine[index]).mean(0).round().astype(int)
    cut = ct.hu[index, row - PIECE : row + PIECE, column - PIECE : column + PIECE]
    return window(cut)[None, ..., None]
