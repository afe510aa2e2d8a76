"""`python -m spine prepare|train|export|evaluate|propose`, in the folder `training`."""

import argparse
from pathlib import Path

from .sources import DATA, HERE


def main():
    parser = argparse.ArgumentParser(prog="python -m spine", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of CT files (default: %(default)s)")
    parser.add_argument(
        "--work", type=Path, default=HERE / "work", help="where slices and checkpoints go (default: %(default)s)"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    prepare = commands.add_parser("prepare", help="check the files and write the slices that training may see")
    prepare.add_argument(
        "--without-samples-patient", action="store_true", help="to see what leaving out that patient costs"
    )
    train = commands.add_parser("train", help="train within a time bound; start again to go on")
    train.add_argument("--minutes", type=float, required=True, help="after which this start saves and stops")
    train.add_argument("--steps", type=int, default=12000, help="in all, over every start (default: %(default)s)")
    train.add_argument("--base", type=int, default=16, help="channels of the finest level")
    train.add_argument("--initial", type=Path, help="checkpoint or converted model to begin from where WORK has none")
    train.add_argument("--peak-rate", type=float, default=1.5e-3, help="of learning (default: %(default)s)")
    train.add_argument("--finish", action="store_true", help="instead of --steps: end the schedule with the minutes")
    train.add_argument(
        "--times", type=int, default=1, help="so many times a CPU's crops in a step, for a graphics card"
    )
    train.add_argument("--processes", type=int, default=1, help="that make crops (default: %(default)s)")
    train.add_argument("--save-seconds", type=float, default=240, help="from checkpoint to checkpoint")
    export = commands.add_parser("export", help="write the Keras file that `rachis convert` reads")
    export.add_argument("checkpoint", type=Path, help="such as WORK/best.npz")
    export.add_argument("file", type=Path, help="the .h5 to write")
    export.add_argument("--base", type=int, default=16)
    export.add_argument(
        "--earlier", type=Path, help="checkpoint or converted model before, for the mean of both sets of weights"
    )
    export.add_argument(
        "--share", type=float, default=0.5, help="of the earlier one in the mean (default: %(default)s)"
    )
    evaluate = commands.add_parser("evaluate", help="score a Keras file on the test patients")
    evaluate.add_argument("model", type=Path, help="the .h5")
    evaluate.add_argument(
        "--preprocessing", default="window:350/1600", help="as in `rachis convert` (default: %(default)s)"
    )
    evaluate.add_argument("--json", type=Path, help="where the numbers go")
    evaluate.add_argument("--pictures", type=Path, help="a folder for a picture of each test slice")
    evaluate.add_argument("--flips", action="store_true", help="mean over the slice and its mirror image")
    validate = commands.add_parser("validate", help="compare Keras files without the test patients")
    validate.add_argument("models", type=Path, nargs="+", help=".h5 files")
    validate.add_argument("--preprocessing", default="window:350/1600")
    validate.add_argument("--flips", action="store_true", help="mean over the slice and its mirror image")
    propose = commands.add_parser("propose", help="write pseudo-labels of the unlabelled slices, to be looked at")
    propose.add_argument("model", type=Path, help="the .h5")
    propose.add_argument("folder", type=Path, help="where masks and pictures go")
    propose.add_argument("--preprocessing", default="window:350/1600")
    arguments = parser.parse_args()

    # Each command's imports are its own: TensorFlow takes seconds to load and `prepare` does without it.
    if arguments.command == "prepare":
        from .prepare import prepare

        prepare(arguments.work, arguments.data, not arguments.without_samples_patient)
    elif arguments.command == "train":
        from .train import train

        train(
            arguments.work,
            arguments.steps,
            arguments.minutes,
            base=arguments.base,
            initial=arguments.initial,
            peak_rate=arguments.peak_rate,
            finish=arguments.finish,
            times=arguments.times,
            processes=arguments.processes,
            save_seconds=arguments.save_seconds,
        )
    elif arguments.command == "export":
        from .export import export

        export(arguments.checkpoint, arguments.file, arguments.base, arguments.earlier, arguments.share, arguments.data)
    elif arguments.command == "validate":
        from .validate import validate

        validate(arguments.models, arguments.preprocessing, arguments.work, arguments.data, arguments.flips)
    elif arguments.command == "propose":
        from .propose import propose

        propose(arguments.model, arguments.preprocessing, arguments.folder, arguments.data)
    else:
        from .evaluate import evaluate

        evaluate(arguments)


if __name__ == "__main__":
    main()
