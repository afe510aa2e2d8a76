// From groups of 4 channels to values with the channels last.

struct Params {
    rows: u32,
    columns: u32,
    groups: u32,
    channels: u32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> values: array<f32>;
@group(0) @binding(2) var<storage, read> input: array<vec4f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.columns || id.y >= p.rows) {
        return;
    }
    let pixel = id.y * p.columns + id.x;
    let group = input[id.z * p.rows * p.columns + pixel];
    for (var lane = 0u; lane < 4 && 4 * id.z + lane < p.channels; lane++) {
        values[pixel * p.channels + 4 * id.z + lane] = group[lane];
    }
}
