using Konko.Server.Generation.Rendering;
using Konko.Server.Providers;

namespace Konko.Server.Streams;

/// <summary>An admitted answer that is to be written to a stream's log; whoever holds it disposes of its generation.</summary>
/// <param name="Generation">Its events.</param>
/// <param name="Renderer">Renders them.</param>
/// <param name="Choices">Number of choices.</param>
internal sealed record StreamSource(AdmittedGeneration Generation, AnswerRenderer Renderer, int Choices);
