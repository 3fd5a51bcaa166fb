using Konko.Server.Models;

namespace Konko.Server.Tests.Models;

public sealed class MachineMemoryTests : IDisposable
{
    private const long GiB = 1L << 30;

    private readonly string _root = Directory.CreateTempSubdirectory("konko-test-").FullName;

    public MachineMemoryTests()
    {
        Write("proc/meminfo", "MemTotal:       16777216 kB\nMemFree:         1048576 kB\nMemAvailable:    8388608 kB\n");
        Write("proc/self/cgroup", "0::/\n");
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Linux_NoControlGroup_IsWhatTheMachineHasLeft() => Assert.Equal(8 * GiB, Read());

    [Fact]
    public void Linux_NoMeminfo_IsUnknown()
    {
        File.Delete(Path.Combine(_root, "proc", "meminfo"));

        Assert.Null(Read());
    }

    [Theory]
    [InlineData("max", 5, 4, 8)]
    [InlineData("4294967296", 1, 0, 3)]
    [InlineData("4294967296", 3, 2, 3)]
    [InlineData("4294967296", 1, 2, 4)]
    [InlineData("4294967296", 6, 0, 0)]
    [InlineData("99999999999999", 1, 0, 8)]
    public void Linux_ControlGroup_LimitsLessItsCachedFiles(string most, long usedGiB, long cachedGiB, long leftGiB)
    {
        Write("groups/memory.max", most + "\n");
        Write("groups/memory.current", $"{usedGiB * GiB}\n");
        Write("groups/memory.stat", $"anon 5\ninactive_file {cachedGiB * GiB}\n");

        Assert.Equal(leftGiB * GiB, Read());
    }

    [Fact]
    public void Linux_GroupWithinALimitedGroup_IsLimitedByTheNarrowest()
    {
        Write("proc/self/cgroup", "0::/system/konko\n");
        Write("groups/system/memory.max", $"{6 * GiB}");
        Write("groups/system/memory.current", $"{5 * GiB}");
        Write("groups/system/konko/memory.max", $"{4 * GiB}");
        Write("groups/system/konko/memory.current", $"{GiB}");

        Assert.Equal(GiB, Read());
    }

    [Fact]
    public void Linux_FirstVersionOfControlGroups_IsReadToo()
    {
        Write("proc/self/cgroup", "12:cpu,cpuacct:/x\n11:memory:/box\n");
        Write("groups/memory/box/memory.limit_in_bytes", $"{2 * GiB}");
        Write("groups/memory/box/memory.usage_in_bytes", $"{GiB}");
        Write("groups/memory/box/memory.stat", $"total_inactive_file {GiB / 2}\n");

        Assert.Equal(GiB + GiB / 2, Read());
    }

    [Fact]
    public void ForModels_ThisMachine_IsSomethingAndLessThanWhatIsLeft()
    {
        Assert.InRange(MachineMemory.ForModels(), 1, long.MaxValue);
        Assert.InRange(MachineMemory.Available(), MachineMemory.ForModels() / 2, long.MaxValue);
    }

    private long? Read() => MachineMemory.Linux(Path.Combine(_root, "proc"), Path.Combine(_root, "groups"));

    private void Write(string path, string text)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
