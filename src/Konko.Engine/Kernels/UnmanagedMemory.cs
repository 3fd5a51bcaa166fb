using System.Runtime.InteropServices;

namespace Konko.Engine.Kernels;

/// <summary>Zeroed memory outside the managed heap, aligned to 64 bytes; on Linux what is large becomes real as it is written, and goes back when it is freed.</summary>
/// <remarks>
/// Weights and caches are read as long streams. On huge pages of 2 MiB they miss the address translation a five-hundredth
/// as often and lie together in physical memory (so that a cache's sets are used evenly, in every run alike). Where the
/// system has no huge pages to give, it gives small ones. What is used in part, as a step's buffers for one token, lies
/// better on small ones: the first byte makes a page real.
/// </remarks>
internal static unsafe partial class UnmanagedMemory
{
    private const nuint HugePage = 2 << 20;
    private const int ReadWrite = 3, PrivateAnonymous = 0x22, AdviseHugePages = 14;

    /// <summary>Takes memory; zeroed.</summary>
    /// <param name="bytes">How much, 1 or more.</param>
    /// <param name="hugePages">Whether it is asked for on huge pages where it is large.</param>
    /// <exception cref="OutOfMemoryException">There is none (<see cref="InsufficientMemoryException"/> is one).</exception>
    public static void* Take(nuint bytes, bool hugePages)
    {
        if (IsMapped(bytes))
        {
            nuint size = Rounded(bytes, hugePages);
            byte* mapped = (byte*)Map(null, hugePages ? size + HugePage : size, ReadWrite, PrivateAnonymous, -1, 0);
            if (mapped == (byte*)-1) throw new InsufficientMemoryException($"The system has no {bytes} bytes of memory to give.");
            if (!hugePages) return mapped;
            byte* start = (byte*)(((nuint)mapped + HugePage - 1) & ~(HugePage - 1));
            // What is left over on both sides goes back.
            if (start > mapped) _ = Unmap(mapped, (nuint)(start - mapped));
            if (start < mapped + HugePage) _ = Unmap(start + size, (nuint)(mapped + HugePage - start));
            _ = Advise(start, size, AdviseHugePages);
            return start;
        }

        void* memory = NativeMemory.AlignedAlloc(bytes, 64);
        NativeMemory.Clear(memory, bytes);
        return memory;
    }

    /// <summary>Gives memory back.</summary>
    /// <param name="memory">What <see cref="Take"/> gave; null is nothing.</param>
    /// <param name="bytes">As much as was taken.</param>
    /// <param name="hugePages">As it was taken.</param>
    public static void Return(void* memory, nuint bytes, bool hugePages)
    {
        if (memory == null) return;
        if (IsMapped(bytes)) _ = Unmap(memory, Rounded(bytes, hugePages));
        else NativeMemory.AlignedFree(memory);
    }

    private static bool IsMapped(nuint bytes) => bytes >= HugePage / 2 && OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    // The system itself rounds up to small pages.
    private static nuint Rounded(nuint bytes, bool hugePages) => hugePages ? checked(bytes + HugePage - 1) & ~(HugePage - 1) : bytes;

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
