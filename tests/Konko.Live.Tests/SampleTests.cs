using Konko.Tests.Samples;

namespace Konko.Live.Tests;

/// <summary>The samples of the SDK's README, each run as it stands against a real server.</summary>
public sealed class SampleTests(LiveServers servers)
{
    public static TheoryData<int> Numbers => [.. Sample.All.Select(sample => sample.Number)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public Task Sample_AgainstARealServer_Runs(int number)
    {
        Assert.NotNull(servers.Url);
        return Sample.All[number - 1].RunAsync();
    }
}
