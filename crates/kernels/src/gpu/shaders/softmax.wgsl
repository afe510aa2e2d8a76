// Exponentials of a pixel's channels that sum to 1.

// The channels of a group that are there, as 1, and the others as 0.
fn present(group: u32) -> vec4f {
    return select(vec4f(), vec4f(1.0), vec4u(0, 1, 2, 3) + 4 * group < vec4u(p.channels));
}

fn value(group: u32, row: u32, column: u32) -> vec4f {
    var largest = input_at(0, i32(row), i32(column)).x;
    for (var g = 0u; g < p.groups; g++) {
        let x = input_at(g, i32(row), i32(column));
        let real = select(vec4f(largest), x, present(g) > vec4f(0.5));
        largest = max(largest, max(max(real.x, real.y), max(real.z, real.w)));
    }
    var sum = 0.0;
    for (var g = 0u; g < p.groups; g++) {
        sum += dot(exp(min(input_at(g, i32(row), i32(column)) - largest, vec4f())), present(g));
    }
    return exp(min(input_at(group, i32(row), i32(column)) - largest, vec4f())) * present(group) / sum;
}
