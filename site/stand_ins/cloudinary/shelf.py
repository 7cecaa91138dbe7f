"""Where the test server keeps files: in memory, or in a folder that outlives it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

type Place = tuple[str, str, str]  # resource type, delivery type, public id


@dataclass(frozen=True)
class Facts:
    """What the server tells about a file. Width and height are in pixels, 0 where nobody looked."""

    resource_type: str
    type: str
    public_id: str
    format: str
    bytes: int
    etag: str
    width: int = 0
    height: int = 0
    original_filename: str = ""

    @property
    def place(self) -> Place:
        return self.resource_type, self.type, self.public_id


class Shelf:
    """Files by place. Not safe for threads by itself; the server holds its lock around it."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.files: dict[Place, tuple[Facts, bytes]] = {}
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            for path in folder.glob("*.json"):
                facts = Facts(**json.loads(path.read_text()))
                self.files[facts.place] = facts, path.with_suffix(".bin").read_bytes()

    def __contains__(self, place: Place) -> bool:
        return place in self.files

    def __len__(self) -> int:
        return len(self.files)

    def get(self, place: Place) -> tuple[Facts, bytes] | None:
        return self.files.get(place)

    def put(self, facts: Facts, content: bytes) -> None:
        self.files[facts.place] = facts, content
        if self.folder:
            path = self._path(facts.place)
            path.with_suffix(".bin").write_bytes(content)
            path.write_text(json.dumps(asdict(facts)))

    def remove(self, place: Place) -> bool:
        if self.files.pop(place, None) is None:
            return False
        if self.folder:
            self._path(place).unlink()
            self._path(place).with_suffix(".bin").unlink()
        return True

    def _path(self, place: Place) -> Path:
        if self.folder is None:
            raise ValueError("This shelf is in memory.")
        return self.folder / f"{hashlib.sha256('/'.join(place).encode()).hexdigest()}.json"
