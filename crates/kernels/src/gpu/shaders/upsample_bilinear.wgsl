// Linear between the centres of pixels, a.xy times as large; the outermost pixels continue to the edges.

struct Between {
    first: i32,
    second: i32,
    share: f32,
}

fn between(place: u32, factor: i32, length: u32) -> Between {
    let at = (f32(place) + 0.5) / f32(factor) - 0.5;
    let first = i32(floor(at));
    let last = i32(length) - 1;
    return Between(clamp(first, 0, last), clamp(first + 1, 0, last), at - floor(at));
}

fn value(group: u32, row: u32, column: u32) -> vec4f {
    let down = between(row, p.a.x, p.input_rows);
    let across = between(column, p.a.y, p.input_columns);
    let above = mix(input_at(group, down.first, across.first), input_at(group, down.first, across.second), across.share);
    let below = mix(input_at(group, down.second, across.first), input_at(group, down.second, across.second), across.share);
    return mix(above, below, down.share);
}
