//! A pack: many git objects in one file, with its index, as `git gc` would leave them.
//!
//! For bulk. 100,000 loose objects cost half a minute and 400 MB; one pack a second and some 20 MB.
//! Objects are written one by one, in parallel, and never searched for likeness: `git gc` does that
//! in its own time. Records, small as they are, are not deflated either: it would shorten them by a
//! quarter, and take a tenth of the time of an import. The index is written here too, since every id
//! and place is known already, which spares libgit2's second inflating and hashing of every object.
//!
//! Formats: git's documentation `gitformat-pack`, pack version 2, index version 2.

use super::Object;
use crate::record::{Failure, Result};
use crate::store::durable;
use crate::store::error::IoResult;
use crate::words;
use flate2::{Compress, Compression, FlushCompress, Status};
use git2::{ObjectType, Oid};
use rayon::prelude::*;
use sha1::{Digest, Sha1};
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::Path;

/// Objects deflated before they are written; bounds the memory used.
const CHUNK: usize = 8192;

/// Objects up to this size are stored as they are.
const SMALL: usize = 1024;

/// Offsets from here on stand in a table of their own.
const LARGE: u64 = 1 << 31;

/// Where an object lies in the pack.
struct Place {
    id: Oid,
    crc: u32,
    offset: u64,
}

/// Is told how many objects more are written.
type Written<'a> = &'a dyn Fn(usize);

/// Writes `objects`, no two alike, as a pack into git's folder `objects/pack`; it is on the disk when this returns.
pub(crate) fn write(folder: &Path, objects: &[Object<'_>], written: Written<'_>) -> Result<()> {
    fs::create_dir_all(folder).at(folder)?;
    // `git prune` clears away files with this name that a killed process left.
    let temp = tempfile::Builder::new().prefix("tmp_pack_").tempfile_in(folder).at(folder)?;
    let (places, checksum) = write_objects(temp.as_file(), objects, written).map_err(|error| error.at(temp.path()))?;
    let temp_index = tempfile::Builder::new().prefix("tmp_idx_").tempfile_in(folder).at(folder)?;
    temp_index.as_file().write_all(&render_index(places, &checksum)).at(temp_index.path())?;
    // git takes a pack for complete when it sees its index, so that comes last.
    let name: String = checksum.iter().map(|byte| format!("{byte:02x}")).collect();
    for (file, ending) in [(temp, "pack"), (temp_index, "idx")] {
        let path = folder.join(format!("pack-{name}.{ending}"));
        durable::set_read_only(file.as_file()).at(&path)?;
        file.as_file().sync_all().at(&path)?;
        file.persist(&path).map_err(|error| error.error).at(&path)?;
    }
    durable::sync_folder(folder)
}

/// What can go wrong while objects are written.
enum WriteError {
    Io(std::io::Error),
    Deflate,
}

impl WriteError {
    fn at(self, path: &Path) -> Failure {
        match self {
            WriteError::Io(error) => Err::<(), _>(error).at(path).unwrap_err(),
            WriteError::Deflate => Failure::failed(words!("the data could not be compressed", "数据压缩失败")),
        }
    }
}

impl From<std::io::Error> for WriteError {
    fn from(error: std::io::Error) -> WriteError {
        WriteError::Io(error)
    }
}

/// Writes the pack itself; returns where each object lies and the checksum.
fn write_objects(
    file: &File,
    objects: &[Object<'_>],
    written: Written<'_>,
) -> std::result::Result<(Vec<Place>, [u8; 20]), WriteError> {
    let mut file = BufWriter::with_capacity(1 << 20, file);
    let mut hash = Sha1::new();
    let count = u32::try_from(objects.len()).map_err(|_| WriteError::Deflate)?;
    let header = [b"PACK".as_slice(), &2u32.to_be_bytes(), &count.to_be_bytes()].concat();
    hash.update(&header);
    file.write_all(&header)?;
    let mut offset = header.len() as u64;
    let mut places = Vec::with_capacity(objects.len());
    for chunk in objects.chunks(CHUNK) {
        let packed: Vec<Option<Vec<u8>>> = chunk
            .par_iter()
            .map_init(|| Compress::new(Compression::new(1), true), |deflate, object| pack_one(deflate, object))
            .collect();
        for (object, bytes) in chunk.iter().zip(packed) {
            let bytes = bytes.ok_or(WriteError::Deflate)?;
            places.push(Place { id: object.id, crc: crc32fast::hash(&bytes), offset });
            hash.update(&bytes);
            file.write_all(&bytes)?;
            offset += bytes.len() as u64;
        }
        written(chunk.len());
    }
    let checksum: [u8; 20] = hash.finalize().into();
    file.write_all(&checksum)?;
    file.flush()?;
    Ok((places, checksum))
}

/// Returns an object as it stands in a pack: type and size, then a zlib stream of the bytes.
fn pack_one(deflate: &mut Compress, object: &Object<'_>) -> Option<Vec<u8>> {
    let mut out = entry_header(object.kind, object.data.len());
    if object.data.len() <= SMALL {
        store(&object.data, &mut out);
        return Some(out);
    }
    deflate.reset();
    loop {
        out.reserve(object.data.len() / 2 + 64);
        let rest = object.data.get(usize::try_from(deflate.total_in()).ok()?..)?;
        if deflate.compress_vec(rest, &mut out, FlushCompress::Finish).ok()? == Status::StreamEnd {
            return Some(out);
        }
    }
}

/// Writes bytes as a zlib stream of one block that is stored as it is (RFC 1950, 1951).
fn store(data: &[u8], out: &mut Vec<u8>) {
    let len = data.len() as u16;
    out.reserve(data.len() + 11);
    // Deflate with the least effort; the last block, of the kind that is only copied.
    out.extend_from_slice(&[0x78, 0x01, 0x01]);
    out.extend_from_slice(&len.to_le_bytes());
    out.extend_from_slice(&(!len).to_le_bytes());
    out.extend_from_slice(data);
    out.extend_from_slice(&simd_adler32::adler32(&data).to_be_bytes());
}

/// Returns the type and the size: four bits of size in the first byte, seven in each that follows.
fn entry_header(kind: ObjectType, size: usize) -> Vec<u8> {
    let kind = match kind {
        ObjectType::Commit => 1,
        ObjectType::Tree => 2,
        _ => 3,
    };
    let mut byte = (kind << 4) | (size & 0x0f) as u8;
    let mut rest = size >> 4;
    let mut header = Vec::new();
    while rest > 0 {
        header.push(byte | 0x80);
        byte = (rest & 0x7f) as u8;
        rest >>= 7;
    }
    header.push(byte);
    header
}

/// Returns the index of a pack: a fan-out by first byte, ids, checksums, offsets.
fn render_index(mut places: Vec<Place>, checksum: &[u8; 20]) -> Vec<u8> {
    places.sort_by_key(|place| place.id);
    let mut out = Vec::with_capacity(1072 + places.len() * 28);
    out.extend_from_slice(&[0xff, b't', b'O', b'c', 0, 0, 0, 2]);
    for first in 0..=255u8 {
        let upto = places.partition_point(|place| place.id.as_bytes()[0] <= first);
        out.extend_from_slice(&(upto as u32).to_be_bytes());
    }
    places.iter().for_each(|place| out.extend_from_slice(place.id.as_bytes()));
    places.iter().for_each(|place| out.extend_from_slice(&place.crc.to_be_bytes()));
    let mut large = Vec::new();
    for place in &places {
        let short = if place.offset < LARGE {
            place.offset as u32
        } else {
            large.push(place.offset);
            LARGE as u32 | (large.len() - 1) as u32
        };
        out.extend_from_slice(&short.to_be_bytes());
    }
    large.iter().for_each(|offset| out.extend_from_slice(&offset.to_be_bytes()));
    out.extend_from_slice(checksum);
    let own: [u8; 20] = Sha1::digest(&out).into();
    out.extend_from_slice(&own);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::borrow::Cow;
    use std::cell::Cell;

    #[test]
    fn sizes_of_entries() {
        assert_eq!(entry_header(ObjectType::Blob, 5), [0x35]);
        assert_eq!(entry_header(ObjectType::Tree, 16), [0xa0, 0x01]);
        assert_eq!(entry_header(ObjectType::Commit, 0x1234), [0x94, 0xa3, 0x02]);
    }

    #[test]
    fn git_reads_every_object_back() {
        let dir = tempfile::tempdir().unwrap();
        let git = git2::Repository::init(dir.path()).unwrap();
        // Empty, short, around the size up to which nothing is deflated, longer than a block that cannot be shortened.
        let noise: Vec<u8> = (0..200_000u32).flat_map(|n| Sha1::digest(n.to_be_bytes())[..1].to_vec()).collect();
        let texts = (0..20_000).map(|n| format!("company = \"示例 {n}\"\n").into_bytes());
        let edges = [SMALL, SMALL + 1].map(|len| vec![b'x'; len]);
        let all: Vec<Vec<u8>> = texts.chain(edges).chain([Vec::new(), noise]).collect();
        let objects: Vec<Object> = all
            .iter()
            .map(|data| Object {
                id: Oid::hash_object(ObjectType::Blob, data).unwrap(),
                kind: ObjectType::Blob,
                data: Cow::Borrowed(data),
            })
            .collect();
        let written = Cell::new(0);
        write(&git.path().join("objects/pack"), &objects, &|count| written.set(written.get() + count)).unwrap();
        assert_eq!(written.get(), objects.len());
        let odb = git.odb().unwrap();
        for object in &objects {
            assert_eq!(odb.read(object.id).unwrap().data(), &*object.data);
        }
        let output = std::process::Command::new("git").current_dir(dir.path()).args(["fsck", "--strict"]).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
