//! The stack that is looked at, its geometry, and the cross-hair in it.

use std::sync::Arc;

use leptos::prelude::*;
use rachis_ct::Slice;
use rachis_protocol::JobId;

use super::display::Display;
use crate::{
    reformat::{Axis, Geometry, Masks, Obstacle, View, Voxel},
    session::{Case, Session},
};

/// The planes through the current stack. Copies share them.
#[derive(Debug, Clone, Copy)]
pub struct Planes {
    session: Session,
    /// Whether reformats and cross-hair are to be shown, where there can be any.
    pub wanted: RwSignal<bool>,
    /// Whether the lines of the cross-hair are drawn.
    pub lines: RwSignal<bool>,
    /// The slices of the current stack in order, those that could not be read left out.
    pub cases: Memo<Vec<Case>>,
    /// Where they lie; nothing without a slice.
    pub geometry: Memo<Option<Result<Arc<Geometry>, Obstacle>>>,
    /// Whether reformats and cross-hair are shown.
    pub shown: Memo<bool>,
    /// Row and column of the cross-hair, in the stack where it was put.
    put: RwSignal<Option<(JobId, [u32; 2])>>,
    /// Where the cross-hair is: in the middle of the slice until it is put elsewhere.
    pub voxel: Memo<Option<Voxel>>,
    /// The slices of the stack, as far as they are read.
    pub slices: Memo<Vec<Option<Arc<Slice>>>>,
    /// Their masks, as far as they are segmented.
    pub masks: Memo<Vec<Option<Masks>>>,
}

impl Planes {
    /// Of the session's current stack. To be called where Leptos components are.
    pub fn new(session: Session, display: Display) -> Self {
        let stack = Memo::new(move |_| session.current.with(|case| Some(case.as_ref()?.in_stack.stack)));
        let cases = Memo::new(move |_| {
            let is_in_stack = |case: &Case| Some(case.in_stack.stack) == stack.get();
            session.shown_cases().into_iter().filter(is_in_stack).collect::<Vec<_>>()
        });
        let geometry = Memo::new(move |_| {
            stack.get()?;
            cases.with(|cases| Some(Geometry::of(cases.iter().map(|case| &*case.info)).map(Arc::new)))
        });
        let wanted = RwSignal::new(true);
        let put = RwSignal::new(None);
        let voxel = Memo::new(move |_| {
            let geometry = geometry.get()?.ok()?;
            let current = session.current.with(|case| Some(case.as_ref()?.id));
            let slice = cases.with(|cases| cases.iter().position(|case| Some(case.id) == current))?;
            let middle = [Axis::Row, Axis::Column].map(|axis| geometry.count(axis) / 2);
            let put: Option<(JobId, [u32; 2])> = put.get();
            let [row, column] = put.filter(|(of, _)| Some(*of) == stack.get()).map_or(middle, |(_, put)| put);
            Some(Voxel { column, row, slice: slice as u32 })
        });
        let shown =
            Memo::new(move |_| wanted.get() && geometry.with(|geometry| matches!(geometry, Some(Ok(_)))));
        let slices = new_if_other(
            move || {
                if !shown.get() {
                    return Vec::new();
                }
                session.follow();
                cases.with(|cases| untrack(|| cases.iter().map(Case::slice).collect()))
            },
            Arc::ptr_eq,
        );
        // Whether anybody looks at them or not: slices that were dropped must not be kept here.
        Effect::new(move |_| slices.with(|_| ()));
        Effect::new(move |_| session.want_stack(stack.get().filter(|_| shown.get())));
        Self {
            session,
            wanted,
            lines: RwSignal::new(true),
            cases,
            geometry,
            shown,
            put,
            voxel,
            slices,
            masks: new_if_other(
                move || {
                    session.follow();
                    session.threshold.track();
                    let compare = display.compare.get();
                    let masks = |case: &Case| {
                        Some((case.prediction()?, if compare { case.reference.get() } else { None }))
                    };
                    cases.with(|cases| untrack(|| cases.iter().map(masks).collect()))
                },
                |(prediction, reference), (other, other_reference)| {
                    let is_same_reference = match (reference, other_reference) {
                        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
                        (one, other) => one.is_none() && other.is_none(),
                    };
                    Arc::ptr_eq(prediction, other) && is_same_reference
                },
            ),
        }
    }

    /// The page's planes, from any component.
    pub fn expect() -> Self {
        expect_context()
    }

    /// The geometry of the current stack, where it is known.
    pub fn known_geometry(self) -> Option<Arc<Geometry>> {
        self.geometry.get()?.ok()
    }

    /// The view along an axis, where there is a geometry.
    pub fn view(self, through: Axis) -> Option<View> {
        Some(View::along(through, &*self.known_geometry()?))
    }

    /// Where the cross-hair is in the view along an axis: 0 to 1 from the left and from the top.
    pub fn point(self, through: Axis) -> Option<[f64; 2]> {
        let geometry = self.known_geometry()?;
        Some(View::along(through, &geometry).point(self.voxel.get()?, &geometry))
    }

    /// Puts the cross-hair somewhere else, and shows the slice there.
    pub fn put(self, voxel: Voxel) {
        let Some(case) = self.cases.with_untracked(|cases| cases.get(voxel.slice as usize).cloned()) else {
            return;
        };
        self.put.set(Some((case.in_stack.stack, [voxel.row, voxel.column])));
        let current = self.session.current.with_untracked(|case| Some(case.as_ref()?.id));
        if current != Some(case.id) {
            self.session.selected.set(Some(case.id));
        }
    }

    /// Moves the cross-hair so many voxels to the right, down, and deeper, as the view along an axis shows it.
    pub fn step(self, through: Axis, steps: [i32; 3]) {
        let stepped = untrack(|| {
            let geometry = self.known_geometry()?;
            Some(View::along(through, &geometry).stepped(self.voxel.get()?, steps, &geometry))
        });
        if let Some(voxel) = stepped {
            self.put(voxel);
        }
    }
}

/// A memo of what belongs to the slices of a stack, which is new where anything of it is another thing.
fn new_if_other<T: Send + Sync + 'static>(
    value: impl Fn() -> Vec<Option<T>> + Send + Sync + 'static,
    is_same: fn(&T, &T) -> bool,
) -> Memo<Vec<Option<T>>> {
    fn is_other<T>(old: &[Option<T>], new: &[Option<T>], is_same: fn(&T, &T) -> bool) -> bool {
        let is_same = |(old, new): (&Option<T>, &Option<T>)| match (old, new) {
            (Some(old), Some(new)) => is_same(old, new),
            (old, new) => old.is_none() && new.is_none(),
        };
        old.len() != new.len() || !old.iter().zip(new).all(is_same)
    }
    Memo::new_owning(move |old: Option<Vec<Option<T>>>| {
        let new = value();
        let is_changed = old.is_none_or(|old| is_other(&old, &new, is_same));
        (new, is_changed)
    })
}
