// A factor and an offset for each channel.

// All factors, then all offsets.
@group(0) @binding(3) var<storage, read> weights: array<vec4f>;

fn value(group: u32, row: u32, column: u32) -> vec4f {
    return input_at(group, i32(row), i32(column)) * weights[group] + weights[p.groups + group];
}
