"""Data sets that are downloaded once: where from, with which checksums, and what they hold."""

from __future__ import annotations

from functools import partial

from app.data.entry import DataEntry, File, Published, Variant

_IDX = (
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte.gz",
    "t10k-images-idx3-ubyte.gz",
    "t10k-labels-idx1-ubyte.gz",
)


_UNPACKED = (47_040_016, 60_008, 7_840_016, 10_008)  # bytes


def _idx(
    folder: str, mirrors: tuple[str, ...], facts: tuple[tuple[int, str, str, str], ...]
) -> Published:
    """The four files of MNIST and its kin.

    ``facts`` of each: bytes, SHA-256, MD5, and the SHA-256 of the file unpacked.
    """
    files = []
    for name, whole, (size, sha256, md5, inside) in zip(_IDX, _UNPACKED, facts, strict=True):
        path = f"{folder}/{name}"
        dotted = path.replace("-idx", ".idx")  # as they were called at first, and in many copies
        others = (
            Variant(dotted, sha256, size),
            Variant(path.removesuffix(".gz"), inside, whole),
            Variant(dotted.removesuffix(".gz"), inside, whole),
        )
        files.append(File(path, size, sha256, md5, others))
    return Published(mirrors, train=(tuple(files[:2]),), test=tuple(files[2:]))


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


# MNIST and its kin: one format, other pictures.
_grey = partial(
    DataEntry,
    kind="image",
    shape=(1, 28, 28),
    classes=10,
    train_size=60_000,
    test_size=10_000,
    pad=2,
    code="app.data.idx:read",
)

MNIST = _grey(
    name="mnist",
    title="MNIST",
    noun="digits",
    summary="70,000 handwritten digits, 28x28 pixels, ten classes.",
    chance=0.888,
    source="yann.lecun.com/exdb/mnist",
    licence="CC BY-SA 3.0, as usually stated",
    citation="LeCun, Bottou, Bengio and Haffner 1998, doi:10.1109/5.726791",
    mean=(33.318,),
    std=(78.567,),
    published=_idx(
        "mnist",
        (
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ),
        (
            (
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                "f68b3c2dcbeaaa9fbdd348bbdeb94873",
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            ),
            (
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                "d53e105ee54ea40749a09fcbcd1e9432",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            ),
            (
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                "9fb629c4189551a2d022fa330f9573f3",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            ),
            (
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                "ec29112dd5afa0611ce80d1b7f02629c",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ),
        ),
    ),
)

FASHION_MNIST = _grey(
    name="fashion-mnist",
    title="Fashion-MNIST",
    noun="images",
    summary="70,000 photographs of clothes, 28x28 pixels, ten classes: MNIST's harder sibling.",
    chance=0.9,
    source="github.com/zalandoresearch/fashion-mnist",
    licence="MIT",
    citation="Xiao, Rasul and Vollgraf 2017, arXiv:1708.07747",
    labels=_names("T-shirt,trouser,pullover,dress,coat,sandal,shirt,sneaker,bag,ankle boot"),
    flip=True,
    mean=(72.940,),
    std=(90.021,),
    published=_idx(
        "fashion-mnist",
        (
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
        ),
        (
            (
                26_421_880,
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
                "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            ),
            (
                29_515,
                "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                "25c81989df183df01b3e8a0aad5dffbe",
                "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            ),
            (
                4_422_102,
                "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                "bef4ecab320f06d8554ea6380940ec79",
                "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            ),
            (
                5_148,
                "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                "bb300cfdad3c16e7a12a480ee83cd310",
                "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
            ),
        ),
    ),
)

_KRIZHEVSKY = ("https://www.cs.toronto.edu/~kriz/", "http://www.cs.toronto.edu/~kriz/")
_BATCH = 30_730_000  # 10,000 records of a label and 3,072 pixel values


def _batch(name: str, sha256: str) -> tuple[Variant, ...]:
    """A batch of CIFAR-10's Python version: other bytes, from which the same records are made."""
    return (Variant(f"cifar-10-batches-py/{name}", sha256, code="app.data.pickled:records_10"),)


def _batch_100(name: str, sha256: str) -> tuple[Variant, ...]:
    return (Variant(f"cifar-100-python/{name}", sha256, code="app.data.pickled:records_100"),)


# Both sets that were taken from the 80 million tiny images.
_colour = partial(
    DataEntry,
    noun="images",
    kind="image",
    shape=(3, 32, 32),
    train_size=50_000,
    test_size=10_000,
    source="www.cs.toronto.edu/~kriz/cifar.html, the binary version",
    licence="none stated: cite it, do not redistribute it",
    citation="Krizhevsky 2009, Learning multiple layers of features from tiny images",
    pad=4,
    flip=True,
)

_TEST_BATCH = "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b"

CIFAR_10 = _colour(
    name="cifar-10",
    title="CIFAR-10",
    summary="60,000 colour photographs, 32x32 pixels, ten classes.",
    classes=10,
    chance=0.9,
    labels=_names("airplane,automobile,bird,cat,deer,dog,frog,horse,ship,truck"),
    mean=(125.307, 122.950, 113.865),
    std=(62.993, 62.089, 66.705),
    published=Published(
        _KRIZHEVSKY,
        train=tuple(
            (
                File(
                    f"cifar-10-batches-bin/data_batch_{n}.bin",
                    _BATCH,
                    sha256,
                    md5,
                    _batch(f"data_batch_{n}", sha256),
                ),
            )
            for n, (sha256, md5) in enumerate(
                (
                    (
                        "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
                        "5dd7e06a14cb22eb9f671a540d1b7c25",
                    ),
                    ("a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed", ""),
                    ("bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67", ""),
                    ("014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48", ""),
                    ("755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add", ""),
                ),
                1,
            )
        ),
        test=(
            File(
                "cifar-10-batches-bin/test_batch.bin",
                _BATCH,
                _TEST_BATCH,
                "803d5f7f4d78ea53de84dbe85f74fb6d",
                _batch("test_batch", _TEST_BATCH),
            ),
        ),
        archive=File(
            "cifar-10-binary.tar.gz",
            170_052_171,
            "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
            "c32a1d4ab5d03f1284b67883e8d87530",
            (Variant("cifar-10-python.tar.gz", ""),),
        ),
    ),
    code="app.data.cifar:read_10",
)

_FINE = (
    "apple,aquarium fish,baby,bear,beaver,bed,bee,beetle,bicycle,bottle,bowl,boy,bridge,"
    "bus,butterfly,camel,can,castle,caterpillar,cattle,chair,chimpanzee,clock,cloud,"
    "cockroach,couch,crab,crocodile,cup,dinosaur,dolphin,elephant,flatfish,forest,fox,"
    "girl,hamster,house,kangaroo,keyboard,lamp,lawn mower,leopard,lion,lizard,lobster,"
    "man,maple tree,motorcycle,mountain,mouse,mushroom,oak tree,orange,orchid,otter,"
    "palm tree,pear,pickup truck,pine tree,plain,plate,poppy,porcupine,possum,rabbit,"
    "raccoon,ray,road,rocket,rose,sea,seal,shark,shrew,skunk,skyscraper,snail,snake,"
    "spider,squirrel,streetcar,sunflower,sweet pepper,table,tank,telephone,television,"
    "tiger,tractor,train,trout,tulip,turtle,wardrobe,whale,willow tree,wolf,woman,worm"
)

_TRAIN_100 = "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29"
_TEST_100 = "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a"

CIFAR_100 = _colour(
    name="cifar-100",
    title="CIFAR-100",
    summary="60,000 colour photographs, 32x32 pixels, a hundred classes (the fine labels).",
    classes=100,
    chance=0.99,
    labels=_names(_FINE),
    mean=(129.304, 124.070, 112.434),
    std=(68.170, 65.392, 70.418),
    published=Published(
        _KRIZHEVSKY,
        train=(
            (
                File(
                    "cifar-100-binary/train.bin",
                    153_700_000,
                    _TRAIN_100,
                    variants=_batch_100("train", _TRAIN_100),
                ),
            ),
        ),
        test=(
            File(
                "cifar-100-binary/test.bin",
                30_740_000,
                _TEST_100,
                variants=_batch_100("test", _TEST_100),
            ),
        ),
        archive=File(
            "cifar-100-binary.tar.gz",
            168_513_733,
            "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec",
            "03b5dce01913d631647c71ecec9e9cb8",
            (Variant("cifar-100-python.tar.gz", ""),),
        ),
    ),
    code="app.data.cifar:read_100",
)

PUBLISHED = (MNIST, FASHION_MNIST, CIFAR_10, CIFAR_100)
