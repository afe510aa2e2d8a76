// The input itself (a.x = 0), added to the output (1) or multiplied with it (2). An input of one row, column or channel is
// repeated.

fn value(group: u32, row: u32, column: u32) -> vec4f {
    let r = select(row, 0u, p.input_rows == 1);
    let c = select(column, 0u, p.input_columns == 1);
    var here = input_at(select(group, 0u, p.input_channels == 1), i32(r), i32(c));
    if (p.input_channels == 1) {
        here = here.xxxx;
    }
    let before = output[output_index(group, row, column)];
    if (p.a.x == 1) {
        return before + here;
    }
    if (p.a.x == 2) {
        return before * here;
    }
    return here;
}
