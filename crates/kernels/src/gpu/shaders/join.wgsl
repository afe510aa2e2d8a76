// Puts an image's channels into the output from channel a.x on. Invocations go on behind the last channel of the last
// image, to leave no old numbers there.

struct Params {
    rows: u32,
    columns: u32,
    groups: u32,
    channels: u32,
    input_channels: u32,
    first: u32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(2) var<storage, read> input: array<vec4f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.columns || id.y >= p.rows) {
        return;
    }
    let pixel = id.y * p.columns + id.x;
    let pixels = p.rows * p.columns;
    for (var lane = 0u; lane < 4; lane++) {
        let channel = 4 * id.z + lane;
        let place = p.first + channel;
        if (place >= 4 * p.groups) {
            return;
        }
        if (channel < p.input_channels) {
            output[place / 4 * pixels + pixel][place % 4] = input[channel / 4 * pixels + pixel][lane];
        } else if (place >= p.channels) {
            output[place / 4 * pixels + pixel][place % 4] = 0.0;
        }
    }
}
