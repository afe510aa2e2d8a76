// The image a.xy rows and columns further on; what it leaves is 0.

fn value(group: u32, row: u32, column: u32) -> vec4f {
    let r = i32(row) - p.a.x;
    let c = i32(column) - p.a.y;
    if (is_inside(r, c)) {
        return input_at(group, r, c);
    }
    return vec4f();
}
