namespace Konko.Server.Api.Answers;

/// <summary>Leaves a started answer unterminated once everything written so far has gone out.</summary>
/// <remarks>
/// <c>HttpContext.Abort</c> throws away what Kestrel has not sent yet, the error's event included. An exception after
/// the answer has started makes it send that, and then close (HTTP/1.1) or reset (HTTP/2).
/// </remarks>
internal sealed class BrokenStreamException() : Exception("The answer broke after it had started.");
