"""What `from module import *` brings, as far as it matters for what a notebook does."""

from __future__ import annotations

from typing import Final

STARS: Final[dict[str, tuple[str, ...]]] = {
    module: tuple(names.split())
    for module, names in {
        "os": "system popen path environ getenv putenv remove unlink rmdir makedirs mkdir"
        " listdir walk chmod execv execve execvp execl execlp spawnl spawnv"
        " spawnvp getcwd chdir rename replace",
        "subprocess": "run call check_call check_output Popen getoutput getstatusoutput PIPE"
        " STDOUT",
        "pickle": "load loads dump dumps Unpickler Pickler",
        "dill": "load loads dump dumps load_session dump_session",
        "joblib": "load dump",
        "marshal": "load loads dump dumps",
        "shelve": "DbfilenameShelf",
        "torch": "load save hub nn cuda jit",
        "yaml": "load load_all safe_load safe_load_all unsafe_load full_load Loader SafeLoader"
        " UnsafeLoader FullLoader CLoader CSafeLoader dump",
        "shutil": "unpack_archive rmtree copy copyfile move make_archive copyfileobj",
        "tempfile": "mktemp mkstemp mkdtemp NamedTemporaryFile TemporaryDirectory TemporaryFile",
        "pathlib": "Path PurePath PosixPath WindowsPath PurePosixPath PureWindowsPath",
        "urllib.request": "urlopen urlretrieve Request",
        "requests": "get post put delete patch head request Session",
        "hashlib": "md5 sha1 sha256 sha512 new",
        "tarfile": "TarFile is_tarfile",
        "zipfile": "ZipFile is_zipfile",
        "importlib": "import_module",
        "random": "random choice choices sample randint randrange",
        "flask": "Flask request render_template_string render_template Markup",
        "transformers": "pipeline AutoModel AutoTokenizer AutoConfig AutoProcessor"
        " AutoModelForCausalLM AutoModelForSequenceClassification AutoModelForSeq2SeqLM",
        "datasets": "load_dataset Dataset",
        "huggingface_hub": "hf_hub_download snapshot_download InferenceClient",
    }.items()
}
"""By module; names that would hide a built-in, `open` of os say, are left out."""
