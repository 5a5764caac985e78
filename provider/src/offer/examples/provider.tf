terraform {
  required_providers {
    palisade = {
      source = "palisade/palisade"
    }
  }
}

provider "palisade" {
  fail_on = "high"
}
