//! Frames of a server, counted as they pass: no message is put together unless somebody wants to read it.

/// What a frame was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// A message of that many bytes; its text only where it is kept.
    Text(u64, Option<String>),
    /// A question whether we are there.
    Ping,
    /// The end.
    Close,
}

/// Takes bytes as they come and tells the frames in them.
#[derive(Debug, Default)]
pub struct Frames {
    /// Whether texts are kept.
    pub keep: bool,
    header: [u8; 10],
    have: usize,
    length: u64,
    left: u64,
    within: bool,
    text: Vec<u8>,
}

impl Frames {
    /// Nothing came yet; texts are kept if so wished.
    pub fn new(keep: bool) -> Self {
        Self { keep, ..Self::default() }
    }

    /// Takes the bytes that came.
    pub fn feed(&mut self, mut bytes: &[u8], mut found: impl FnMut(Frame)) {
        while !bytes.is_empty() || (self.within && self.left == 0) {
            if !self.within {
                self.header[self.have] = bytes[0];
                self.have += 1;
                bytes = &bytes[1..];
                self.begin();
                continue;
            }
            let take = usize::try_from(self.left).unwrap_or(usize::MAX).min(bytes.len());
            if self.keep {
                self.text.extend_from_slice(&bytes[..take]);
            }
            self.left -= take as u64;
            bytes = &bytes[take..];
            if self.left == 0 {
                self.end(&mut found);
            }
        }
    }

    /// Begins the payload once the header is whole.
    fn begin(&mut self) {
        if self.have < 2 {
            return;
        }
        // Frames of a server have no mask.
        let (short, size) = match self.header[1] & 0x7f {
            126 => (0, 2),
            127 => (0, 8),
            short => (u64::from(short), 0),
        };
        if self.have < 2 + size {
            return;
        }
        let long = self.header[2..2 + size].iter().fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
        self.length = short + long;
        self.left = self.length;
        self.within = true;
    }

    fn end(&mut self, found: &mut impl FnMut(Frame)) {
        let text = self.keep.then(|| String::from_utf8_lossy(&std::mem::take(&mut self.text)).into_owned());
        match self.header[0] & 0x0f {
            0x8 => found(Frame::Close),
            0x9 => found(Frame::Ping),
            // Neither side of the comparison splits its messages.
            0x1 => found(Frame::Text(self.length, text)),
            _ => {}
        }
        self.have = 0;
        self.within = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pieces: &[&[u8]], keep: bool) -> Vec<Frame> {
        let (mut frames, mut found) = (Frames::new(keep), Vec::new());
        for piece in pieces {
            frames.feed(piece, |frame| found.push(frame));
        }
        found
    }

    #[test]
    fn frames_are_counted_however_they_are_cut() {
        let mut bytes = vec![0x81, 2, b'h', b'i', 0x89, 0, 0x81, 126, 1, 0];
        bytes.extend([b'x'; 256]);
        bytes.extend([0x88, 0]);
        let whole = all(&[&bytes], false);
        assert_eq!(whole, [Frame::Text(2, None), Frame::Ping, Frame::Text(256, None), Frame::Close]);
        for cut in 0..bytes.len() {
            assert_eq!(all(&[&bytes[..cut], &bytes[cut..]], false), whole, "cut at {cut}");
        }
    }

    #[test]
    fn texts_are_kept_on_demand() {
        assert_eq!(all(&[&[0x81, 2, b'h'], b"i"], true), [Frame::Text(2, Some("hi".into()))]);
    }
}
