"""From a checkpoint to the Keras file (legacy HDF5) that `rachis convert` reads."""

from . import network
from .train import restore


def export(checkpoint, file, base=16):
    """Writes the network as it is used: no coarser heads, plain batch normalisation, f32."""
    trained = network.unet(base, training=True)
    state = restore(checkpoint, trained, None)
    plain = network.unet(base)
    network.copy_weights(trained, plain)
    plain.save(file)
    print(f"{file}: {plain.count_params():,} parameters after {state['step']:,} steps")
