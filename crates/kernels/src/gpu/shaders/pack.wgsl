// From values with the channels last to groups of 4 channels.

struct Params {
    rows: u32,
    columns: u32,
    groups: u32,
    channels: u32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(2) var<storage, read> values: array<f32>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.columns || id.y >= p.rows) {
        return;
    }
    let pixel = id.y * p.columns + id.x;
    var group = vec4f();
    for (var lane = 0u; lane < 4; lane++) {
        let channel = 4 * id.z + lane;
        if (channel < p.channels) {
            group[lane] = values[pixel * p.channels + channel];
        }
    }
    output[id.z * p.rows * p.columns + pixel] = group;
}
