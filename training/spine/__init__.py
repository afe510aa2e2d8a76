"""Trains, measures and exports the spine U-Net that Rachis ships. See ../README.md."""
