// What all shaders but those of convolutions begin with: one invocation makes 4 channels of a pixel.
//
// An image lies in groups of 4 channels, each group row by row. Behind the last channel lie finite numbers.

struct Params {
    rows: u32,
    columns: u32,
    groups: u32,
    channels: u32,
    input_rows: u32,
    input_columns: u32,
    input_groups: u32,
    input_channels: u32,
    a: vec4i,
    b: vec4i,
    numbers: vec4f,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> output: array<vec4f>;
@group(0) @binding(2) var<storage, read> input: array<vec4f>;

fn is_inside(row: i32, column: i32) -> bool {
    return row >= 0 && row < i32(p.input_rows) && column >= 0 && column < i32(p.input_columns);
}

// The input at a place inside it.
fn input_at(group: u32, row: i32, column: i32) -> vec4f {
    return input[(group * p.input_rows + u32(row)) * p.input_columns + u32(column)];
}

fn output_index(group: u32, row: u32, column: u32) -> u32 {
    return (group * p.rows + row) * p.columns + column;
}

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x < p.columns && id.y < p.rows) {
        output[output_index(id.z, id.y, id.x)] = value(id.z, id.y, id.x);
    }
}
