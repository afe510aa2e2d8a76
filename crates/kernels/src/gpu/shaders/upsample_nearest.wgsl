// Each pixel becomes a.xy copies.

fn value(group: u32, row: u32, column: u32) -> vec4f {
    return input_at(group, i32(row) / p.a.x, i32(column) / p.a.y);
}
