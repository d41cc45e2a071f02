"""Which names of Python and of packages a model file has honest use for.

Everything of the standard library that is not listed here is taken for an attack; packages for
models and data are judged by the shape of the name (see `policy`).
"""

from __future__ import annotations

import re
import sys
from typing import Final


def words(text: str) -> frozenset[str]:
    """The words of a text: a table that is read as it is written."""
    return frozenset(text.split())


_OLD: Final = words("""
    __builtin__ __builtins__ copy_reg cPickle commands popen2 urllib2 httplib exceptions Queue
    StringIO cStringIO ConfigParser SocketServer BaseHTTPServer xmlrpclib imp new md5 sha
    asyncore asynchat smtpd distutils lib2to3 cgi cgitb crypt nntplib telnetlib pipes msilib nis
    imghdr sndhdr aifc chunk uu xdrlib spwd ossaudiodev audioop mailcap nt posix nturl2path
    _winapi winreg _winreg msvcrt winsound _pyrepl test tkinter idlelib turtledemo _ios_support
    compression annotationlib concurrent _colorize pathlib _strptime
""")  # fmt: skip
STANDARD: Final = sys.stdlib_module_names | _OLD
"""Modules of the standard library, of any version of Python and on any system."""

RENAMED: Final = {"__builtin__": "builtins", "copy_reg": "copyreg", "_io": "io",
                  "_collections": "collections", "_datetime": "datetime", "_decimal": "decimal",
                  "pathlib._local": "pathlib", "_functools": "functools",
                  "_operator": "operator", "_abcoll": "collections.abc", "UserDict": "collections",
                  "UserList": "collections"}  # fmt: skip

_ALLOWED: Final = {
    "argparse": "Namespace",
    "array": "array _array_reconstructor",
    "builtins": """
        list dict set frozenset tuple bytearray bytes str int float bool complex object slice range
        len sum max min abs round sorted NotImplemented Ellipsis any all divmod pow repr
        xrange unicode long basestring unichr hash id chr ord bin hex oct ascii callable isinstance
        issubclass enumerate zip reversed
    """,
    "collections": """
        OrderedDict defaultdict Counter deque ChainMap UserDict UserList IterableUserDict
        namedtuple
    """,
    "datetime": "datetime date time timedelta timezone",
    "decimal": "Decimal",
    "fractions": "Fraction",
    "ipaddress": "IPv4Address IPv6Address IPv4Network IPv6Network ip_address",
    "io": "BytesIO StringIO",
    "itertools": "count chain repeat cycle",
    "logging": "getLogger",
    "operator": """
        itemgetter add sub mul truediv floordiv mod neg pos and_ or_ xor eq ne lt le gt ge not_
    """,
    "pathlib": "Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath",
    "http": "HTTPStatus HTTPMethod",
    "random": "Random",
    "re": "_compile compile RegexFlag Pattern",
    "signal": "Signals Handlers",
    "string": "Template",
    "time": "struct_time",
    "types": "SimpleNamespace MappingProxyType NoneType GenericAlias",
    "uuid": "UUID SafeUUID",
    "zoneinfo": "ZoneInfo ZoneInfo._unpickle",
}  # fmt: skip
ALLOWED: Final = frozenset(
    f"{module}.{name}" for module, names in _ALLOWED.items() for name in names.split()
)
"""Names of the standard library that rebuild plain data, by whatever they are called with."""

PLAIN: Final = frozenset(
    f"{module}.{name}"
    for module, found in (
        ("builtins", "str unicode bytes bytearray int float complex list dict set frozenset tuple"),
        ("datetime", "datetime date time timedelta"), ("collections", "OrderedDict Counter deque"),
    ) for name in found.split()
)  # fmt: skip
"""Types of which every public method is harmless, such as `str.lower` of a tokenizer."""

WHOLE: Final = frozenset({"math", "cmath", "__future__"})
"""Modules of which every public name is harmless."""
ABSTRACT: Final = frozenset({"numbers", "collections.abc", "typing"})
"""Modules of which every public class is harmless."""

EXCEPTION: Final = re.compile(r"[A-Z][A-Za-z]{1,40}(?:Error|Exception|Warning)|StopIteration")

HOSTILE: Final = words("""
    h5py tables zarr fsspec s3fs gcsfs adlfs smart_open netCDF4 langchain_experimental
    requests aiohttp httpx httpcore urllib3 pycurl wget gdown paramiko fabric invoke sh plumbum
    pexpect ptyprocess psutil cloudpickle dill IPython ipykernel pip setuptools pkg_resources
    wheel py pytest _pytest nose jinja2 mako fire click typer websocket websockets zmq twisted
    tornado flask django fastapi uvicorn gunicorn boto3 botocore git sqlalchemy pymysql psycopg2
    ctypes cffi _cffi_backend pyautogui pynput keyboard selenium playwright win32api win32com
    pythoncom Crypto nacl asyncssh ftplib smtplib execnet numba Cython RestrictedPython asteval
    simpleeval numexpr joblib.externals.cloudpickle webbrowser _io
""")  # fmt: skip
"""Packages that have no business in a model: they run commands, talk to hosts, rebuild code."""

TRUSTED: Final = words("""
    __torch__ numpy scipy sklearn torch torchvision torchaudio torchtext tensorflow keras
    tf_keras xgboost lightgbm catboost _catboost pandas transformers tokenizers
    sentence_transformers datasets statsmodels imblearn category_encoders mlxtend shap spacy
    thinc gensim networkx pyarrow polars timm ultralytics diffusers peft accelerate
    pytorch_lightning lightning lightning_fabric fastai fastcore flax jax jaxlib optax onnx
    onnxruntime joblib threadpoolctl dask skorch hmmlearn prophet pmdarima sktime umap hdbscan
    pynndescent faiss implicit surprise lifelines optuna skopt albumentations easydict omegaconf
    yacs addict safetensors skops torchmetrics einops geopandas shapely xarray sklearn_pandas
    feature_engine interpret econml causalml ngboost pygam lightfm tsfresh darts gluonts
    stable_baselines3 gymnasium gym PIL nltk patsy pytorch_tabnet tabpfn sentencepiece bertopic
    flair fasttext sklearn_crfsuite pycrfsuite autogluon pycaret mlflow evalml tpot fairlearn
    torch_geometric dgl regex river imodels daal4py sklearnex cuml cudf cupy scikitplot
    yellowbrick pydantic pydantic_core matplotlib mpl_toolkits seaborn plotly sympy skimage cv2
    paddle mxnet mindspore haiku chex orbax distrax monai mmengine mmcv mmdet detectron2 fairseq
    espnet speechbrain open_clip clip segment_anything xformers bitsandbytes deepspeed trl
    gpytorch botorch pyro numpyro pymc arviz pgmpy cvxpy arch linearmodels pytorch_forecasting
    neuralprophet tslearn stumpy scanpy anndata rdkit deepchem setfit spacy_transformers allennlp
    sb3_contrib tianshou d3rlpy keras_core keras_nlp keras_hub keras_cv keras_tuner
    tensorflow_probability tensorflow_hub tensorflow_addons lightning_utilities huggingface_hub
    narwhals vaex modin toolz blis cymem preshed srsly catalogue confection
""")  # fmt: skip
"""Packages for models and data, whose names are judged by their shape."""

RISKY: Final = words("""
    agents
    f2py distutils testing _testing tests conftest hub package _package compile compiler io _io
    cpp_extension bottleneck collect_env _dynamo _inductor _config_module _config_typing
    show_pickle run rpc launcher elastic bundled_inputs cli command commands externals
    model_dump dependencies deploy bin scripts _tools exec_command system_info ctypeslib
    cloudpickle loky process_executor memory serialization file_baton download downloader app
    data_utils file_utils tensorboard debug_info lookfor show_versions sql clipboard _clipboard
    clipboards computation multiprocessing _fs _s3fs _gcsfs _hdfs _flight flight _precompile
""")  # fmt: skip
"""Parts of the paths of modules whose functions load, compile, run or fetch things."""

RUNNING: Final = words("""
    OSFile MemoryMappedFile FileOutputStream
    system popen spawn exec eval execfile compile run call check_call check_output Popen
    import_module load loads load_module runstring exec_command exec_mod_from_location open
    urlopen urlretrieve getattr setattr delattr globals locals vars __import__ apply query
    read_pickle from_pretrained genfromtxt loadtxt fromfile savetxt save dump tofile memmap
    open_memmap DataSource load_library get_include PackageImporter ConfigModule SummaryWriter
    HDFStore ExcelFile ExcelWriter FakeObject CDLL GraphModule CompilationUnit ScriptModule
    load_url load_state_dict_from_url download_url_to_file _load_global_deps load_inline
    EngFormatter Interpreter InteractiveConsole Bdb Pdb Lambda LambdaLayer ThreadPool Process
    Pool Thread Timer RemoteModule FileStore TCPStore unpickle reduce_graph_module Ghostscript
    SourceFileLoader SourcelessFileLoader ExtensionFileLoader HTTPServer TCPServer UDPServer
    ThreadingHTTPServer HTTPConnection HTTPSConnection SMTP SMTP_SSL FTP FTP_TLS Telnet IMAP4 POP3
    ProcessPoolExecutor ThreadPoolExecutor NamedTemporaryFile TemporaryDirectory TemporaryFile
    SpooledTemporaryFile FileIO PyDLL LibraryLoader ServerProxy Unpickler ZipFile TarFile GzipFile
    FileHandler StreamHandler SocketHandler PyExtensionType Repository
""")  # fmt: skip
"""Names that run, load or write things in whatever package they are."""

REBUILDS: Final = re.compile(
    r"_*(?:(?:ma|mr)?reconstruct|rebuild|unpickle|pyx_unpickle|setstate)\w{0,60}"
    r"|_+(?:new|restore|frombuffer|ufunc_reconstruct|convert_to_ufunc)(?:_\w{0,60})?"
    r"|_create_empty\w{0,40}|newObj"
    r"|\w{0,40}(?:_(?:reconstruct|unpickle)(?:o?r)?|_ctor|_(?:class|norm)_constructor)"
)
"""Names of functions that rebuild an object from its parts."""
MAKES: Final = re.compile(
    r"_*(?:re(?:construct|build|store|duce)|unpickle|deserializ|set_?state)\w{0,60}"
    r"|_+(?:make|create|from|new|build|construct|copy|identity|empty|get_?instance)\w{0,60}"
    r"|\w{0,60}(?:construct|constructor|reconstruct\w{0,3}|factory|deserialize|unpickle\w?|ctor)"
)
"""The same for packages of which nothing is known, where such names are of any style."""

_ARROW: Final = words("""
    array chunked_array schema field table py_buffer type_for_alias list_ large_list struct map_
    dictionary timestamp duration time32 time64 decimal128 decimal256 binary string dense_union
    sparse_union union run_end_encoded fixed_size_buffer scalar decimal32 decimal64 bool8 uuid
    json_ opaque fixed_shape_tensor list_view large_list_view
""")
BUILDERS: Final = frozenset(f"pyarrow.lib.{name}" for name in _ARROW) | words("""
    numpy.dtype numpy.ndarray numpy.scalar numpy.frombuffer numpy.matrix numpy.recarray
    numpy.core.multiarray.scalar numpy._core.multiarray.scalar numpy.bool_ numpy.float64
    numpy.float32 numpy.int64 numpy.int32 numpy.str_ numpy.bytes_ numpy.void numpy.datetime64
    numpy.timedelta64 numpy.poly1d numpy.core.numeric._frombuffer
    numpy._core.numeric._frombuffer torch.device torch.storage._load_from_bytes torch.Size
    torch.dtype torch.tensor torch._C._nn.Parameter pandas.core.internals.blocks.new_block
    pandas.core.indexes.base._new_Index torch._tensor._rebuild_from_type_v2
    torch.jit._pickle.build_intlist torch.jit._pickle.build_doublelist
    torch.jit._pickle.build_boollist torch.jit._pickle.build_tensorlist
    torch.jit._pickle.restore_type_tag torch.jit._pickle.build_tensor_from_id
    jax._src.array._reconstruct_array
    torch.serialization._get_layout spacy.vocab.unpickle_vocab
""")  # fmt: skip
"""Other callables of those packages that rebuild data."""

AT_ONCE: Final = words("memmap open_memmap ConfigModule FakeObject")
"""Of the names that run things, those that do when an object is made but not yet initialised."""

IF_NAMED: Final = words("""
    _codecs.encode builtins.type copyreg._reconstructor copyreg.__newobj__ copyreg.__newobj_ex__
    functools.partial
""")
"""Names of the standard library that are harmless as long as they are not called."""
