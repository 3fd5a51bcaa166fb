using Microsoft.Win32.SafeHandles;

namespace Konko.Engine.Gguf;

/// <summary>The bytes of one file of a model: on disk, or only its beginning. Safe for several threads at once.</summary>
internal abstract class GgufBytes(string name, long length) : IDisposable
{
    /// <summary>The file's name for messages.</summary>
    public string Name => name;

    /// <summary>Size of the whole file in bytes.</summary>
    public long Length => length;

    /// <summary>Opens a file on disk.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="GgufException">It cannot be opened, or is not a plain file.</exception>
    public static GgufBytes Open(string path)
    {
        SafeFileHandle handle = GgufIO.Open(path, out long length);
        return new OnDisk(handle, Path.GetFileName(path), length);
    }

    /// <summary>The first bytes of a file that is elsewhere.</summary>
    public static GgufBytes Of(GgufBeginning beginning) => new InMemory(beginning);

    /// <summary>Looks whether bytes can be read that are about to be allocated for.</summary>
    /// <param name="end">The offset behind the last of them, within <see cref="Length"/>.</param>
    /// <exception cref="GgufBeginningException">They are in the file, but not here.</exception>
    public virtual void Require(long end)
    {
    }

    /// <summary>How many of the wanted bytes may be read ahead.</summary>
    /// <param name="offset">Where from.</param>
    /// <param name="wanted">How many would be read, within <see cref="Length"/>.</param>
    public virtual int Ahead(long offset, int wanted) => wanted;

    /// <summary>Fills a span from an offset of the file.</summary>
    /// <param name="destination">What to fill.</param>
    /// <param name="offset">Offset in the file.</param>
    /// <param name="subject">What is read, for messages.</param>
    /// <exception cref="GgufException">The file is shorter than it was when it was opened, or reading failed.</exception>
    /// <exception cref="GgufBeginningException">The bytes are in the file, but not here.</exception>
    public abstract void ReadExactly(Span<byte> destination, long offset, string subject);

    /// <inheritdoc/>
    public abstract void Dispose();

    private sealed class OnDisk(SafeFileHandle handle, string name, long length) : GgufBytes(name, length)
    {
        public override void ReadExactly(Span<byte> destination, long offset, string subject) => GgufIO.ReadExactly(handle, destination, offset, Name, subject);

        public override void Dispose() => handle.Dispose();
    }

    private sealed class InMemory(GgufBeginning beginning) : GgufBytes(beginning.Name, beginning.Length)
    {
        public override void Require(long end)
        {
            if (end > beginning.Bytes.Length) throw new GgufBeginningException(beginning, end);
        }

        public override int Ahead(long offset, int wanted) => (int)Math.Clamp(beginning.Bytes.Length - offset, 0, wanted);

        public override void ReadExactly(Span<byte> destination, long offset, string subject)
        {
            Require(offset + destination.Length);
            beginning.Bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination);
        }

        public override void Dispose()
        {
        }
    }
}
