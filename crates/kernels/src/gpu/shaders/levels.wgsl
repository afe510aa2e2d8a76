// From an image of one channel to levels of a byte: level q for numbers above q / 256, at most (q + 1) / 256. Each row
// begins with a word of its own. The word behind the last row becomes 1 if a number is none.

struct Params {
    rows: u32,
    columns: u32,
    groups: u32,
    channels: u32,
    row_words: u32,
}

@group(0) @binding(0) var<uniform> p: Params;
@group(0) @binding(1) var<storage, read_write> levels: array<atomic<u32>>;
@group(0) @binding(2) var<storage, read> input: array<vec4f>;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3u) {
    if (id.x >= p.row_words || id.y >= p.rows) {
        return;
    }
    var word = 0u;
    for (var i = 0u; i < 4 && 4 * id.x + i < p.columns; i++) {
        let number = input[id.y * p.columns + 4 * id.x + i].x;
        // By its bits, for a compiler may take it that all are numbers.
        if ((bitcast<u32>(number) & 0x7f800000) == 0x7f800000) {
            atomicOr(&levels[p.rows * p.row_words], 1);
        } else {
            word |= u32(clamp(ceil(256 * number) - 1, 0, 255)) << (8 * i);
        }
    }
    atomicStore(&levels[id.y * p.row_words + id.x], word);
}
