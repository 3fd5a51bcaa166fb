using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Konko.Engine.Tests;

public sealed class ChildProcessTests
{
    public static string InstructionSets() => $"{Avx512F.IsSupported} {Avx2.IsSupported} {Vector128.IsHardwareAccelerated}";

    public static string Throw() => throw new InvalidOperationException("on purpose");

    [Theory]
    [InlineData("DOTNET_EnableAVX512", 0)]
    [InlineData("DOTNET_EnableAVX2", 1)]
    [InlineData("DOTNET_EnableHWIntrinsic", 2)]
    public void RunWithout_InstructionSet_ChildLacksIt(string name, int index)
        => Assert.Equal("False", ChildProcess.RunWithout(InstructionSets, name).Split(' ')[index]);

    [Fact]
    public void Run_ScenarioThrows_TestFailsWithItsWords()
    {
        var failure = Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => ChildProcess.Run(Throw));
        Assert.Contains("on purpose", failure.Message, StringComparison.Ordinal);
    }
}
