using System.Runtime.InteropServices;

namespace Konko.Engine.Kernels;

/// <summary>Zeroed memory outside the managed heap: aligned to 64 bytes, and on Linux, where it is large, to whole huge pages.</summary>
/// <remarks>
/// Weights and caches are read as long streams. On pages of 2 MiB they miss the address translation a five-hundredth as
/// often, lie together in physical memory (so that a cache's sets are used evenly, in every run alike), and go back to the
/// system when they are freed. Where the system has no huge pages to give, it gives small ones.
/// </remarks>
internal static unsafe partial class UnmanagedMemory
{
    private const nuint HugePage = 2 << 20;
    private const int ReadWrite = 3, PrivateAnonymous = 0x22, AdviseHugePages = 14;

    /// <summary>Takes memory; zeroed.</summary>
    /// <param name="bytes">How much, 1 or more.</param>
    /// <exception cref="OutOfMemoryException">There is none (<see cref="InsufficientMemoryException"/> is one).</exception>
    public static void* Take(nuint bytes)
    {
        if (IsMapped(bytes))
        {
            nuint size = Rounded(bytes);
            byte* mapped = (byte*)Map(null, size + HugePage, ReadWrite, PrivateAnonymous, -1, 0);
            if (mapped == (byte*)-1) throw new InsufficientMemoryException($"The system has no {bytes} bytes of memory to give.");
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
    public static void Return(void* memory, nuint bytes)
    {
        if (memory == null) return;
        if (IsMapped(bytes)) _ = Unmap(memory, Rounded(bytes));
        else NativeMemory.AlignedFree(memory);
    }

    private static bool IsMapped(nuint bytes) => bytes >= HugePage / 2 && OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    private static nuint Rounded(nuint bytes) => checked(bytes + HugePage - 1) & ~(HugePage - 1);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
