# All images with what a registry keeps beside them: provenance, and an SBOM of each whole image. Needs
# BuildKit with containers (`docker buildx create --use`): docs/docker.md.
#   REGISTRY=registry.example.com/secureconnect VERSION=1.2.0 docker buildx bake --file docker-bake.hcl --push

variable "REGISTRY" { default = "secureconnect" }
variable "VERSION" { default = "latest" }
# With a digest, the images are built on exactly that one: node:24-bookworm-slim@sha256:…
variable "NODE_IMAGE" { default = "node:24-bookworm-slim" }

group "default" { targets = ["service", "migrate"] }

target "common" {
  context = "."
  contexts = { "node:24-bookworm-slim" = "docker-image://${NODE_IMAGE}" }
  attest = ["type=provenance,mode=max", "type=sbom"]
}

target "service" {
  inherits = ["common"]
  name = service
  matrix = { service = ["gateway", "auth", "chat", "video", "storage"] }
  target = "service"
  args = {
    SERVICE = service
    PORT = { gateway = 8080, auth = 8081, chat = 8082, video = 8083, storage = 8084 }[service]
  }
  tags = ["${REGISTRY}/${service}:${VERSION}"]
}

target "migrate" {
  inherits = ["common"]
  target = "migrate"
  args = { SERVICE = "chat" }
  tags = ["${REGISTRY}/migrate:${VERSION}"]
}
