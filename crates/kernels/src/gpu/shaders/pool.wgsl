// The largest value (b.z = 0) or the mean of windows of a.xy pixels, a.zw apart, the first b.xy before the image.

fn value(group: u32, row: u32, column: u32) -> vec4f {
    var largest = vec4f(-3.4028234e38);
    var sum = vec4f();
    var count = 0.0;
    for (var y = 0; y < p.a.x; y++) {
        for (var x = 0; x < p.a.y; x++) {
            let r = i32(row) * p.a.z + y - p.b.x;
            let c = i32(column) * p.a.w + x - p.b.y;
            if (is_inside(r, c)) {
                let seen = input_at(group, r, c);
                largest = max(largest, seen);
                sum += seen;
                count += 1.0;
            }
        }
    }
    return select(sum / count, largest, p.b.z == 0);
}
