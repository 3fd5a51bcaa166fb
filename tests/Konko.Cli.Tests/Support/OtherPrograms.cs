using System.ComponentModel;
using System.Diagnostics;

namespace Konko.Cli.Tests.Support;

/// <summary>Programs that are none of ours and that tests need.</summary>
internal static class OtherPrograms
{
    /// <summary>Skips the test where a program is not there: a machine of one's own may lack it. Where a change is judged nothing may be left out.</summary>
    /// <param name="name">The program.</param>
    /// <param name="version">The flag by which it tells its version.</param>
    /// <param name="untested">What is then not tested.</param>
    public static void Require(string name, string version, string untested)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(name, version) { RedirectStandardOutput = true });
            process!.WaitForExit();
        }
        catch (Win32Exception)
        {
            Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", $"{name} is not here: NOTHING of {untested} is tested.");
            throw;
        }
    }
}
