"""Lets `pytest` find the package `spine` from this folder, and the CT files where SPINE_DATA names them."""
