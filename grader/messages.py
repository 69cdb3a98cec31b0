"""Every sentence that a student can read. Kind, short, exact: what, where, got and expected, cause, next step.

What a sentence quotes was cleaned where it came in; the types say so.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from grader.model import Case, Failure, FailureKind, Part
from grader.text import Cleaned

# --- titles of checks


def title_contract(part: Part) -> str:
    """What the first check of a part asks."""
    return f"{part} returns what it should: as many values, of the right shape, all of them numbers"


def title_value(*, scalar: bool, whole: bool) -> str:
    """What the check of the forward values asks."""
    return "forward gives the right number" if whole else f"forward gives the right {'loss' if scalar else 'values'}"


def title_beside(name: str) -> str:
    """What the check of a further output asks."""
    if name == "keep_rate":  # which the grader counts, and no student returns
        return "forward keeps as large a share of the entries as p says"
    if name == "tied":
        return "forward keeps or drops every entry by a draw of its own"
    return f"forward gives the right {name}"


def title_version(version: str) -> str:
    """What the check of a further version of a function asks."""
    return f"the version {version} gives the same"


def title_gradient(name: str, *, scalar: bool) -> str:
    """What the check of one gradient asks."""
    return f"{name} is the gradient of the {'loss' if scalar else 'output'}"


TITLE_BANNED = "the code does without what the assignment bans"
TITLE_REPEAT = "forward gives the same values when it is called again"
TITLE_FRESH = "backward uses the cache of its own forward"
TITLE_OWN_LOSS = "the loss is one number that depends on the parameters and on X"
TITLE_OWN_GRADIENTS = "every gradient is that of the loss"


def title_purity(part: Part) -> str:
    """What the check of the arguments asks."""
    return f"{part} leaves its arguments as they were"


class LawText(NamedTuple):
    """What a law asks, and what is so where it fails; {name} is the left side."""

    title: str
    broken: str


LAWS: Mapping[str, LawText] = {
    "adjoint": LawText(
        "a change of an argument changes the output as its gradient says",
        "Changing an argument by d changes the output by other than its gradient says: {name} is not what forward shows.",
    ),
    "linear_in_dout": LawText(
        "backward is linear in dout",
        "Backward of dout1 + 2 dout2 is not backward of dout1 plus twice backward of dout2: {name} differs.",
    ),
    "euler": LawText(
        "the gradient fits a layer whose output grows in proportion to x",
        "Twice the input gives twice the output, so dout * out and dx * x must have the same sum: {name} is another number.",
    ),
    "superposition": LawText(
        "forward is linear: adding d to the input changes the output alike, whatever the input was",
        "Adding d to the input changes the output in one way here and in another way there: {name} is not f(z + d) - f(z).",
    ),
    "sample_independence": LawText(
        "samples of a batch do not influence each other",
        "A sample of a batch gives something else than it does without the others: {name} differs.",
    ),
    "batch_additivity": LawText(
        "gradients of the parameters are summed over the batch",
        "A batch cut in two gives two gradients that do not add up to that of the batch: {name} differs from their sum.",
    ),
    "batch_permutation": LawText(
        "the order of the samples makes no difference",
        "With the samples in another order {name} is not the same in that order.",
    ),
    "channel_permutation": LawText(
        "the order of channels, features or units makes no difference",
        "With channels, features or units in another order, in all arguments alike, {name} is not the same in that order.",
    ),
    "translation": LawText(
        "an input moved by one stride gives an output moved by one window",
        "With the input moved by one stride, {name} is not the same moved by one window, away from the border.",
    ),
    "stride_identity": LawText(
        "a stride of s takes every s-th window of a stride of 1",
        "With a stride of 1, and all but every s-th window left out, {name} is not the same as with a stride of s.",
    ),
    "padding_identity": LawText(
        "padding is the same as zeros around the input",
        "With zeros laid around the input, and no padding, {name} is not the same as with padding.",
    ),
    "gradient_mass": LawText(
        "pooling hands all of dout on",
        "In every channel dx must have the same sum as dout, since every window hands all of it on: {name} is another number.",
    ),
    "copied_entries": LawText(
        "every entry of x gets the dout of each place where the output shows it",
        "{name} is not the sum of dout over the places where your own output shows the entry.",
    ),
    "shift_invariance": LawText(
        "adding a constant to all scores of a sample, or to a feature of all samples, changes nothing",
        "With a constant added to all scores of a sample, or to a feature of all samples, {name} changes.",
    ),
    "zero_sums": LawText(
        "the gradients of a sample's scores, or of a feature over the batch, add up to 0",
        "A constant added there changes no output, so these gradients must add up to 0: {name} does not.",
    ),
    "normalised_nulls": LawText(
        "dx lets the normalised direction through only as far as eps does",
        "Scaling x about its mean is undone by the normalisation, but for eps: {name} is not what eps lets through.",
    ),
    "stability": LawText(
        "inputs in the thousands give numbers, within the range of the output",
        "{name} leaves its range for inputs in the thousands.",
    ),
}


# --- what went wrong


def differs(name: str, wrong: int, size: int) -> str:
    """Values outside their bounds."""
    return f"{name} is wrong." if size == 1 else f"{name} is wrong at {wrong} of {size} entries."


def shown_by(name: str) -> str:
    """A forward pass that is seen through a gradient."""
    return f"The forward pass seems wrong: for a single sample {name} is softmax minus labels, and here it is not."


def wrong_shape(name: str, got: tuple[int, ...], expected: tuple[int, ...], like: str) -> str:
    """A shape other than the right one."""
    return f"{name} has shape {got}; it must have {f'the shape of {like}, ' if like else 'shape '}{expected}."


def wrong_dtype(name: str, dtype: str) -> str:
    """An array of whole numbers or of halves."""
    return f"{name} has dtype {dtype}; it must be float64 or float32. Was it made with an integer dtype?"


def not_finite(name: str, count: int, word: str) -> str:
    """NaN or infinity where there should be numbers."""
    entries = "an entry" if count == 1 else f"{count} entries"
    return f"{name} is not a finite number at {entries}: it is {word}."


def version_differs(version: str, name: str) -> str:
    """A number that is wrong in a further version of a function."""
    return f"The version {version} gives another {'value' if name == 'out' else name} than is right."


TIED = "Some entries are kept or dropped together in every call, so they share one random number."
DRAW_EACH = "Draw a number for every entry: np.random.rand(*x.shape)."


def not_refused(got: str) -> str:
    """An answer to a question that has none."""
    return f"{got} was returned where the filter does not fit; this input must be refused with an error (or None)."


UNCALLED = {
    FailureKind.EXCESS: "was stopped",
    FailureKind.ENVIRONMENT: "could not be called",
    FailureKind.NOT_RUN: "was not called any more",
}


def failed_call(part: Part, failure: Failure, limits: Mapping[str, float]) -> str:
    """Tell why a call gave no values."""
    first = next(iter(failure.text.splitlines()), "")
    first = first if len(first) <= 240 else f"{first[:240]} ..."
    match failure.kind:
        case FailureKind.EXCEPTION if first.startswith("NotImplementedError"):
            return f"{part} is not finished yet: it raises NotImplementedError."
        case FailureKind.EXCEPTION:
            return ended(f"{part} raised {first or 'an exception'}")
        case FailureKind.EXIT:
            return f"{part} called {first}: a layer must return, not end the program."
        case FailureKind.RETURNED:
            return ended(f"{part}: {first}")
        case FailureKind.DISTURBED:
            return f"{part} was stopped: {first}, or started a process that did."
        case FailureKind.TIMEOUT if failure.text == "task":
            return f"All calls of this task together took longer than {limits['task_seconds']:g} s, and {part} was stopped."
        case FailureKind.TIMEOUT:
            return f"{part} did not return within {limits['call_seconds']:g} s, and was stopped. Is there a loop that never ends?"
        case FailureKind.DIED:
            return f"{part} ended the Python process ({first}). A layer must return, not exit."
        case FailureKind.MEMORY:
            return (
                f"{part} kept asking for memory until it was stopped ({limits['memory_mb']:g} MB or {limits['call_seconds']:g} s). "
                "Is there a loop that never ends, or an array far too large?"
            )
        case FailureKind.LOAD:
            return ended(f"The file could not be run: {first}")
        case FailureKind.EXCESS | FailureKind.ENVIRONMENT | FailureKind.NOT_RUN:
            return f"{part} {UNCALLED[failure.kind]}: {first}."


def ended(text: str) -> str:
    """Return the student's own words as a sentence of ours."""
    return text if text.endswith((".", "?", "!")) else f"{text}."


def mutates(part: Part, names: Iterable[Cleaned]) -> str:
    """Writing into an argument."""
    listed = ", ".join(sorted(names))
    return f"{part} writes into its argument {listed}, which the caller may still need. Work on a copy: {listed}.copy()."


def earns_nothing(part: Part, places: Iterable[tuple[str, int, str, str]]) -> str:
    """Something that the assignment bans."""
    listed = "; ".join(f"line {line} of {path} {does} {name}" for path, line, does, name in places)
    return f"{part} earns nothing while its code does what this assignment bans: {listed}."


WITHOUT_BANNED = "Do without it, and the other checks count again."

REPEAT = "The first call of forward was right; the same call later was not. Does something stay behind between calls?"
ANEW = (
    "In a new Python process, where other calls came first, the same call of forward is not right. "
    "Does the first call leave something behind that later calls use?"
)
FRESH = (
    "Backward is right directly after its forward, and wrong after another forward was run in between. "
    "Does it read a global variable instead of its cache?"
)

# --- where there is no reference

NO_PARAMETERS = "params is empty: a net without parameters has no gradients."


def too_many_parameters(size: int, most: int) -> str:
    """A net that would take too long."""
    return f"params holds {size} numbers in all; at most {most} are graded. Make the hidden layers smaller, they are a matter of design."


def unreadable_name(name: Cleaned) -> str:
    """A key that no report can show."""
    return f"params has a key that cannot be shown, {name}; use short names such as 'W1'."


def constant_loss(loss: float, what: str) -> str:
    """A loss that shows nothing of what it should depend on."""
    return f"The loss is {loss:.6g} whatever {what}."


def lacks_gradient(gradient: str, parameter: str) -> str:
    """A key that params has and grads has not."""
    return f"{gradient} is missing: there is a {parameter}, and grads must have the same keys as params."


def not_the_slope(gradient: str, bound: float) -> str:
    """A gradient that is not that of the student's own loss."""
    return f"{gradient} is not the gradient of your own loss: differences of the loss tell another number, known to {bound:.1e}."


def spread_thin(gradient: str, got: float, expected: float, bound: float) -> str:
    """The same, where no entry alone shows it."""
    return (
        f"{gradient} is not the gradient of your own loss, though no entry alone shows it: along a random direction it says {got:.6g}, "
        f"and differences of the loss say {expected:.6g}, known to {bound:.1e}."
    )


DERIVE = "Your loss is taken as it is. Work out its derivative by this parameter again, from the loss backwards."


def noisy(first: float, second: float) -> str:
    """A loss that is another number every time."""
    return (
        f"Not decided: your loss is {first:.10g} and then {second:.10g} for the same parameters and X. "
        "If it draws random numbers (dropout), let loss() seed them itself."
    )


def no_loss(word: str) -> str:
    """A net that does not bear the grader's parameters."""
    return f"Not decided: with parameters of the grader's the loss is {word}."


def no_slope(parameter: str) -> str:
    """A gradient of zeros, rightly."""
    return f"Not decided: your loss does not change with {parameter}, where the grader looked; zeros are right there and tell nothing."


NO_DIFFERENCES = "Not decided: your loss has a kink or a jump there, or too much noise, for differences of it to tell."

# --- what to do


def retrace(case: Case) -> str:
    """What to do with a wrong number."""
    return "Work this input out by hand, it is small." if case.size <= 40 else "Compare your steps with the formula on this input."


def return_shape(name: str, shape: tuple[int, ...]) -> str:
    """What to do with a wrong shape."""
    return f"Print {name}.shape before you return it; it should be {shape}."


OVERFLOW = "Look for exp() of large numbers, a logarithm of 0, or a division by 0."


def mend_loading(failure: Failure) -> str | None:
    """What to do about a file that could not be run."""
    if failure.text.startswith("ModuleNotFoundError"):
        return "Graded code has NumPy and Python's own library. Import anything else only where it is used, or not at all."
    if failure.text.startswith(("sys.exit", "EOFError", "it did not finish", "it ended")):
        return "Put what your program does when it is started under: if __name__ == '__main__':"
    return after(failure)


def after(failure: Failure) -> str | None:
    """What to do about a call that raised."""
    if failure.text.startswith("PermissionError"):
        return REFUSED
    return READ_TRACE if failure.trace else None


REFUSED = (
    "Where code is graded it may read Python's library, NumPy and itself, write small files beside itself, and reach nothing else. "
    "To try it like that: grader check --sandbox require."
)
READ_TRACE = "The last line of your own code in the traceback is where to look."

# --- causes that further calls confirmed

OWN_GRADIENT = "It is the right gradient of your forward, which is wrong: mend forward first."
NUMERIC_GRADIENT = "It is right but for the noise of its differences."


WRONG_CACHE = "Your backward is right; what forward hands over in its cache is not."
HAND_OVER = "Look at what forward returns as its cache, and at what backward takes from it."


FRESH_TOO = "Backward stays the same where another forward comes in between."


def own_gradient(names: Iterable[str], others: Iterable[str]) -> str:
    """A backward that belongs to a wrong forward, in all of the gradients that failed or in some."""
    listed, rest = ", ".join(names), ", ".join(others)
    also = f"That could not be shown of {rest}." if rest else "So the mistake is in forward."
    return f"Backward is right for your own forward ({listed}), but your forward is wrong. {also}"


def numeric_gradient(step: float, *, central: bool) -> str:
    """A backward that calls forward on moved inputs."""
    kind = "by (f(x + h) - f(x - h)) / 2h" if central else "from one side,"
    return f"Backward differentiates numerically, {kind} with h = {step:g}; what is asked for is the formula of the derivative."


def causes(several: Sequence[str], *, at_once: bool) -> str:
    """One known mistake; or two of them, either of which, or both together, give the student's numbers."""
    if len(several) == 1:
        return several[0]
    return f"Two things at once. {' '.join(several)}" if at_once else f"One of two. Either: {several[0]} Or: {several[1]}"


PLACES = {
    "first_sample": "in the first sample",
    "last_sample": "in the last sample",
    "later_samples": "in all samples but the first",
    "first_channel": "in the first channel",
    "later_channels": "in all channels but the first",
    "off_diagonal": "off the diagonal",
    "border": "at the border",
}


def relation(name: str, kind: str, slots: Mapping[str, Any]) -> str:
    """How a wrong value stands to the right one, on every input that was looked at."""
    match kind:
        case "factor":
            return f"{name} is {slots['factor']} times what it should be, on every input."
        case "transposed":
            return f"{name} is right but for the order of its axes: it is the right one transposed to {slots['order']}."
        case "flipped":
            along = " and ".join(map(str, slots["axes"]))
            return f"{name} is right but turned round: it is the right one in reverse along axis {along}."
        case "shifted":
            return f"{name} is right but moved by {slots['step']} along axis {slots['axis']}."
        case "summand":
            return f"{name} is what it should be plus {slots['offset']}, everywhere."
        case "overflown":
            return f"{name} is right for small inputs, and no number where an entry is as large as {slots['least']}."
        case "only_where":
            where = ", which here is the same as: ".join(slots["where"])
            return f"{name} is wrong on exactly the inputs where {where}; on the others it is right."
        case _:
            place = PLACES[kind] if slots["axes"] > 2 else PLACES[kind].replace("channels", "columns").replace("channel", "column")
            return f"{name} is wrong {place} only; the rest of it is right, on every input."


def wrong_cache(names: Iterable[str]) -> str:
    """A backward that is right with another cache than that of its own forward."""
    return f"{WRONG_CACHE} With the arguments of forward as its cache, backward gives {', '.join(names)} rightly on every input."


# --- reasons for not checking


def needs(title: str) -> str:
    """A check that waits for another."""
    return f"Not checked: it makes sense only once this holds: {title}."


def blocked(part: Part) -> str:
    """A value that could not be compared on any input."""
    return f"Not checked: {part} must first return what it should."


NEEDS_FORWARD = "Not checked: backward needs the cache of your forward, and forward gave none."


def partly_blocked(name: str, count: int, total: int, *, waits: bool) -> str:
    """A value that could not be compared on some inputs."""
    why = "they need your forward first" if waits else "see the check above"
    return f"{name} could not be compared on {count} of {total} inputs: {why}."


UNDECIDED = "Not checked: no input of this assignment decides it."


OURS = "The grader itself failed here. This is not your mistake; no points are lost."


def not_installed(library: str) -> str:
    """A submission in a library that this machine lacks."""
    return (
        f"This was written with {library}, which is not installed where it was graded. This is not your mistake; no points are lost. "
        f"Whoever grades it can add {library}: pip install 'nablagrade[{library}]'."
    )


# --- notes


def derived(library: str) -> str:
    """Gradients that nobody wrote."""
    return f"Its gradients were derived by {library}'s autograd from your forward; no backward was written for it."


def ready_made(path: Cleaned, line: int, name: Cleaned, library: str) -> str:
    """A layer that a library has."""
    return f"{path}, line {line}: uses {name}, which is {library}'s own version of this layer."


def near_miss(found: Cleaned, path: Cleaned, line: int, wanted: Cleaned) -> str:
    """A name that is almost right."""
    return f"{path}, line {line}: {found} looks like {wanted}, misspelt; rename it to have it graded."


def also_defined(places: Iterable[Cleaned]) -> str:
    """Other definitions of the same name."""
    return f"Also defined, and not graded: {', '.join(places)}."


def uses_banned(path: Cleaned, line: int, does: str, name: Cleaned) -> str:
    """Something that the assignment asks to do without, and says no more about."""
    return f"{path}, line {line}: {does} {name}, which this assignment asks to do without."


def does_not_parse(path: Cleaned, line: int, text: Cleaned, *, rest: bool) -> str:
    """A syntax error."""
    graded = "What does parse of this file is graded." if rest else "Nothing in this file could be graded."
    return f"{path}, line {line}: {ended(text)} {graded}"


def not_finished(part: Part, place: Cleaned) -> str:
    """A function that nobody has filled in yet."""
    return f"{place}: {part} is not finished yet."


def not_parsed(part: Part, place: Cleaned) -> str:
    """A function with a mistake for which the whole file does not parse."""
    return f"{place}: {part} could not be graded: Python cannot read it (see the syntax error named above)."


def usual_cache(place: Cleaned) -> str:
    """A backward that was graded without its forward."""
    return f"{place}: backward was graded with the cache that is usual for this function, since forward gave none."


OBSTACLES = {
    "missing": "not here: {what}. Something inert was imported instead, and no result can be built on it.",
    "known": "not installed here: {what}. What is known of it was imported instead.",
    "numpy": "no longer in NumPy: {what}. It was given back.",
    "python2": "of Python 2: {what}. It was given back.",
}
PYTHON_2 = "this is Python 2. It was run as Python 2 would have run it."


def worked_around(path: Cleaned, line: int, kind: str, what: Cleaned) -> str:
    """What stood in the way of running a file: some names of a kind, or its whole language."""
    return f"{path}, line {line}: {OBSTACLES[kind].format(what=what) if what else PYTHON_2}"


def warned(part: Part, text: Cleaned) -> str:
    """A warning of NumPy or Python in the student's code."""
    return f"{part} emitted a warning: {text}. No points are lost."


def printed(text: Cleaned) -> str:
    """Output of the student's code."""
    return f"While it was graded your code printed '{text}'."


def leading_axis(name: str, got: tuple[int, ...], shape: tuple[int, ...]) -> str:
    """A harmless extra axis."""
    return f"{name} has an extra leading axis of length 1, such as {got} for {shape}; accepted."


def single_precision(name: Cleaned) -> str:
    """A cast to float32."""
    return f"{name} is float32 though the input is float64; it was judged with the precision of float32."


def read_as(reading: Mapping[str, object]) -> list[str]:
    """How a submission was understood, where several ways are right."""
    said = []
    if "activation" in reading:
        said.append(f"Graded as a net with {'ReLU' if reading['activation'] == 'relu' else 'sigmoid'}.")
    epsilon = reading.get("log_epsilon")
    if isinstance(epsilon, float) and epsilon:  # a negative one is in the gradient, too
        alike = ", and your gradient allows for it" if epsilon < 0 else ""
        said.append(f"Your loss adds {abs(epsilon):g} inside the logarithm{alike}; accepted.")
    if reading.get("unbiased"):
        said.append("Your running variance divides by N - 1, as torch's does; accepted.")
    if own_eps := reading.get("own_eps"):
        said.append(f"Your class has an epsilon of its own, {own_eps:g}; accepted.")
    if "p_of" in reading:
        said.append(f"Graded with p as the probability of being {reading['p_of']}.")
    if reading.get("inverted") is False:
        said.append("Your dropout scales in test mode and not in training; accepted.")
    if "mean_over" in reading:
        over = "all elements" if reading["mean_over"] == "elements" else "the samples"
        said.append(f"Graded as {'half ' if reading.get('half') else ''}the squared error averaged over {over}.")
    if reading.get("flattens") is False:
        said.append("Your affine layer takes x of shape (N, D) and flattens nothing; accepted.")
    if reading.get("takes_padding") is False:
        said.append("Your pooling takes no padding, or fails with any as the book's own code does; accepted.")
    if reading.get("pads_with") == "zeros":
        said.append("Your max pooling pads with 0; accepted.")
    if reading.get("count_include_pad") is False:
        said.append("Your average leaves the padding out of its count; accepted.")
    return said


TOO_HARD_TO_PARSE = "The files could not be parsed within the limits; nothing in them could be graded."


def regularised(factor: object) -> str:
    """Which factor of the regularisation was found."""
    return f"Your regularisation is {'reg' if factor == 1 else f'{factor} * reg'} * sum(W*W), in loss and gradient alike."


NO_FUNCTIONS = "No function for this task was found."
