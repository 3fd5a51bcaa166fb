using System.Globalization;

namespace Konko.Server.Models;

/// <summary>How much memory is left: on the machine, and in the control groups that the process lives in.</summary>
internal static class MachineMemory
{
    /// <summary>What models may take where nobody says: nine tenths of what is left, so that there is room for the rest of the server.</summary>
    public static long ForModels() => Available() / 10 * 9;

    /// <summary>Bytes that are left.</summary>
    public static long Available() => Linux("/proc", "/sys/fs/cgroup") ?? Elsewhere();

    /// <summary>Bytes that are left on Linux; null where <c>/proc</c> does not tell.</summary>
    /// <param name="proc">Where <c>meminfo</c> and <c>self/cgroup</c> are.</param>
    /// <param name="cgroups">Where the control groups are.</param>
    internal static long? Linux(string proc, string cgroups)
    {
        if (Lines(Path.Combine(proc, "meminfo")).FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)) is not string line) return null;
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2 || !long.TryParse(words[1], CultureInfo.InvariantCulture, out long kibibytes)) return null;
        long available = kibibytes << 10;
        foreach (string group in Lines(Path.Combine(proc, "self", "cgroup")))
        {
            string[] parts = group.Split(':', 3);
            if (parts.Length < 3) continue;
            bool second = parts[0] == "0" && parts[1].Length == 0;
            if (!second && !parts[1].Split(',').Contains("memory")) continue;
            string root = second ? cgroups : Path.Combine(cgroups, "memory");
            foreach (string folder in Upwards(root, parts[2])) available = Math.Min(available, Left(folder, second) ?? available);
        }

        return Math.Max(0, available);
    }

    // What limits a group's parent limits the group too. In a container the path is often one of the host's, of which only the root is there.
    private static IEnumerable<string> Upwards(string root, string path)
    {
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        for (int depth = names.Length; depth >= 0; depth--)
            yield return Path.Combine([root, .. names[..depth]]);
    }

    // Cached files count as used and are given up when memory is short.
    private static long? Left(string folder, bool second)
    {
        if (Number(Path.Combine(folder, second ? "memory.max" : "memory.limit_in_bytes")) is not long most) return null;
        if (Number(Path.Combine(folder, second ? "memory.current" : "memory.usage_in_bytes")) is not long used) return null;
        string key = second ? "inactive_file " : "total_inactive_file ";
        string? cached = Lines(Path.Combine(folder, "memory.stat")).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        long reclaimable = long.TryParse(cached?[key.Length..], CultureInfo.InvariantCulture, out long bytes) ? bytes : 0;
        return most - Math.Max(0, used - reclaimable);
    }

    private static long? Number(string file)
        => Lines(file).FirstOrDefault() is string text && long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static long Elsewhere()
    {
        GCMemoryInfo info = GC.GetGCMemoryInfo();
        return Math.Max(info.TotalAvailableMemoryBytes / 4, info.TotalAvailableMemoryBytes - info.MemoryLoadBytes);
    }
}
